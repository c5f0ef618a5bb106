// Paths of one's own, as pino's `redact` writes them: a.b, a["b-c"], a[0].b, a[*].b, *.b.

import { usableKey } from '../attribute-name.ts';

const segment = /\.?(?:([^.[\]"'`\s]+)|\[(\d+|\*)\]|\["([^"]+)"\]|\['([^']+)'\])/y;

/** The keys of a path, or undefined where it is none. */
export function parsePath(path: string): readonly string[] | undefined {
  const pattern = new RegExp(segment);
  const keys: string[] = [];
  while (pattern.lastIndex < path.length) {
    const isFirst = pattern.lastIndex === 0;
    const found = isFirst && path.startsWith('.') ? null : pattern.exec(path);
    const key = found?.slice(1).find((part) => part !== undefined);
    if (key === undefined || (!isFirst && isGlued(found?.[0] ?? ''))) {
      return undefined;
    }
    keys.push(key);
  }
  return keys.length === 0 ? undefined : keys;
}

/** `a[0]b`: a name needs a dot before it. */
function isGlued(part: string): boolean {
  return !part.startsWith('.') && !part.startsWith('[');
}

/** All paths that begin with the same keys. */
export class PathNode {
  readonly #next = new Map<string, PathNode>();
  isEnd = false;

  add(keys: readonly string[]): void {
    const [first, ...rest] = keys;
    if (first === undefined) {
      this.isEnd = true;
      return;
    }
    const next = this.#next.get(first) ?? new PathNode();
    this.#next.set(first, next);
    // Below the top level the key is met as it is sent.
    if (first !== '*') {
      this.#next.set(usableKey(first), next);
    }
    next.add(rest);
  }

  /** Where `key` leads: by its name, by `*`, and as several keys where it holds dots. */
  step(key: string): PathNode[] {
    const found = [this.#next.get(key), this.#next.get('*')].filter((node) => node !== undefined);
    const dot = key.indexOf('.');
    if (dot > 0) {
      const head = this.#next.get(key.slice(0, dot));
      found.push(...(head?.step(key.slice(dot + 1)) ?? []));
    }
    return found;
  }
}
