// Keys that became the same by renaming: the later ones get a number.

import type { AnyValue } from './log-record.ts';

export type Fields = { [key: string]: AnyValue };

export class FreeKeys {
  /** The next number to try: thousands of keys may meet in one. */
  readonly #next = new WeakMap<Fields, Map<string, number>>();

  /** `key` with the first number from 2 on that `fields` does not have yet. */
  like(key: string, fields: Fields): string {
    const next = this.#next.get(fields) ?? new Map<string, number>();
    this.#next.set(fields, next);
    let number = next.get(key) ?? 2;
    while (Object.hasOwn(fields, `${key}_${number}`)) {
      number++;
    }
    next.set(key, number + 1);
    return `${key}_${number}`;
  }
}
