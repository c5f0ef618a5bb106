// Names that meet in Loki (`user.id`, `user_id`) show only one of their values: the later ones get a number.

import { isLevelName, type SentKey, shownName } from './attribute-name.ts';
import type { AnyValue } from './log-record.ts';
import { isMap } from './loki-size.ts';

export interface Entry {
  key: string;
  value: AnyValue;
}

interface Distinct {
  readonly entries: readonly Entry[];
  /** `old -> new`, the leaves of maps by their paths. */
  readonly renamed: readonly string[];
  /** A leaf of a map would be taken for the level. */
  readonly shadowsLevel: boolean;
}

type Map = { readonly [key: string]: AnyValue };

export function distinctNames(
  keys: readonly SentKey[],
  values: readonly AnyValue[],
  reserved: ReadonlySet<string>,
): Distinct {
  const names = new Names(reserved);
  const entries = keys.map(({ key }, i) => {
    const value = values[i];
    if (isMap(value)) {
      return { key, value: names.distinctLeaves(key, value) };
    }
    // Ours, where an attribute would hide the level: whoever logs that name gets another one before.
    return { key: key === 'detected_level' ? key : names.distinct('', key), value };
  });
  return { entries, renamed: names.renamed, shadowsLevel: names.shadowsLevel };
}

class Names {
  readonly renamed: string[] = [];
  shadowsLevel = false;
  readonly #taken = new Set<string>();
  /** The next number to try: thousands of names may meet in one. */
  readonly #next = new Map<string, number>();
  readonly #reserved: ReadonlySet<string>;

  constructor(reserved: ReadonlySet<string>) {
    this.#reserved = reserved;
  }

  /** The key, with a number behind it where its path is taken. */
  distinct(path: string, key: string): string {
    let name = key;
    let shown = shownName(path + name);
    const first = shown;
    while (this.#taken.has(shown) || this.#reserved.has(shown)) {
      const number = this.#next.get(first) ?? 2;
      this.#next.set(first, number + 1);
      name = `${key}_${number}`;
      shown = shownName(path + name);
    }
    this.#taken.add(shown);
    if (name !== key) {
      this.renamed.push(`${path}${key} -> ${path}${name}`);
    }
    if (path !== '' && isLevelName(shown)) {
      this.shadowsLevel = true;
    }
    return name;
  }

  /** The same map where none of its leaves had to be renamed. */
  distinctLeaves(path: string, map: Map): Map {
    const before = this.renamed.length;
    const fields: [string, AnyValue][] = Object.entries(map).map(([key, value]) =>
      isMap(value)
        ? [key, this.distinctLeaves(`${path}_${key}`, value)]
        : [this.distinct(`${path}_`, key), value],
    );
    return this.renamed.length === before ? map : Object.fromEntries(fields);
  }
}
