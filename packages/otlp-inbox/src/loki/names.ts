// Turns attribute names into the names of labels and structured metadata.

/** Loki refuses the whole request for one such name. */
export class NameError extends Error {
  override name = 'NameError';
}

export type Namer = (name: string) => string;

const plain = /^[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*$/;

/** @throws NameError for a name without any ASCII letter or digit. */
export function labelName(name: string): string {
  if (plain.test(name)) return name;
  if (name === '') throw new NameError('symbolizer lookup: label name is empty');
  const reserved = name.length >= 4 && name.startsWith('__') && name.endsWith('__');
  const inner = (reserved ? name.slice(2, -2) : name).replace(/[^A-Za-z0-9]+/g, '_');
  const label = reserved ? `__${inner}__` : inner.replace(/^(?=\d)/, 'key_');
  if (/[A-Za-z0-9]/.test(label)) return label;
  throw new NameError(
    `symbolizer lookup: normalization for label name ${JSON.stringify(name)} resulted in invalid name ${JSON.stringify(label)}`,
  );
}

/** The name as it was sent where Loki would refuse it. */
export function lenientName(name: string): string {
  try {
    return labelName(name);
  } catch (error) {
    if (error instanceof NameError) return name;
    throw error;
  }
}
