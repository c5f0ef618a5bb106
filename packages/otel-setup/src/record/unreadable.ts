// What stands in the place of a value that throws when it is read. Total: nothing here throws.

const maxReason = 200;

/** `[unreadable: TypeError: the reason]` */
export function unreadable(error: unknown): string {
  return `[unreadable: ${errorText(error)}]`;
}

/** Name and message of an Error, the text of anything else; at most 200 characters. */
export function errorText(error: unknown): string {
  try {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return text.slice(0, maxReason);
  } catch {
    // An error that cannot be turned into text has nothing to tell.
    return 'unknown';
  }
}

/** A getter may throw; the text that says so then stands for the value. */
export function readField(value: object, key: PropertyKey): unknown {
  try {
    return (value as Record<PropertyKey, unknown>)[key];
  } catch (error) {
    return unreadable(error);
  }
}

/** A Proxy may throw when it is asked; it then has no such field. */
export function hasField(value: object, key: string): boolean {
  try {
    return Object.hasOwn(value, key);
  } catch {
    return false;
  }
}

/** A plain object; what cannot be asked is none. */
export function isPlain(value: unknown): value is object {
  try {
    if (typeof value !== 'object' || value === null) {
      return false;
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    return prototype === Object.prototype || prototype === null;
  } catch {
    return false;
  }
}

/** A field that ought to be a text. */
export function readText(value: object, key: string): string {
  try {
    const field: unknown = (value as Record<string, unknown>)[key];
    return typeof field === 'string' ? field : field === undefined ? '' : String(field);
  } catch (error) {
    return unreadable(error);
  }
}

/** The first items of what may be a Proxy of an array. */
export function readItems(items: readonly unknown[], max: number): unknown[] {
  const { length } = items;
  const read: unknown[] = [];
  for (let i = 0; i < length && i < max; i++) {
    read.push(readField(items, String(i)));
  }
  return read;
}
