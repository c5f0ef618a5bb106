// Counts comparisons and remembers those that failed.

import { isDeepStrictEqual } from 'node:util';
import type { Expected } from './expected.ts';

export class Checks {
  count = 0;
  readonly problems: string[] = [];

  /** `expected` is a value, or a function that says whether the value is right. */
  equal(what: string, actual: unknown, expected: Expected): void {
    this.count += 1;
    if (typeof expected === 'function') {
      if (!expected(actual)) this.problems.push(`${what}: got ${shown(actual)}`);
    } else if (!isDeepStrictEqual(plain(actual), plain(expected))) {
      this.problems.push(`${what}: expected ${shown(expected)}, got ${shown(actual)}`);
    }
  }
}

/** Prototypes are nobody's business here: bytes stay bytes, everything else becomes plain. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, plain(field)]));
}

function shown(value: unknown): string {
  const json = JSON.stringify(value, (_key, field: unknown) => {
    if (typeof field === 'bigint') return `${field}n`;
    return field instanceof Uint8Array ? `0x${Buffer.from(field).toString('hex')}` : field;
  });
  return (json ?? String(value)).slice(0, 300);
}
