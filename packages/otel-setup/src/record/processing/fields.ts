// Reading what a person wrote: every wrong field is told, with its name, what it may be, and what was found.

/** Takes problems, each one sentence. */
export type Tell = (problem: string) => void;

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof RegExp)
  );
}

/** The object with its known fields only; undefined where it is none. */
export function readFields(
  value: unknown,
  name: string,
  known: readonly string[],
  tell: Tell,
): Fields | undefined {
  if (!isFields(value)) {
    tell(`${name} must be an object, got ${typeName(value)}.`);
    return undefined;
  }
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) {
      tell(`${name} has the unknown field ${shown(key)}. Known are: ${known.join(', ')}.`);
    }
  }
  return Object.fromEntries(known.map((key) => [key, value[key]]));
}

export function readNumber(
  value: unknown,
  name: string,
  { min, max }: { min: number; max: number },
  tell: Tell,
): number {
  if (typeof value === 'number' && value >= min && value <= max) {
    return value;
  }
  const got = typeof value === 'number' ? String(value) : typeName(value);
  tell(`${name} must be a number from ${min} to ${max}, got ${got}.`);
  return max;
}

export function readFlag(value: unknown, name: string, tell: Tell): boolean {
  if (value !== undefined && typeof value !== 'boolean') {
    tell(`${name} must be true or false, got ${typeName(value)}.`);
  }
  return value === true;
}

export function typeName(value: unknown): string {
  if (value === null) {
    return 'null';
  }
  if (value === undefined) {
    return 'nothing';
  }
  if (value instanceof RegExp) {
    return 'a RegExp';
  }
  return Array.isArray(value) ? 'an array' : typeof value;
}

/** A field's name, on one line and not too long. */
export function shown(name: string): string {
  return JSON.stringify(name.slice(0, 60));
}
