// Hot path: runs on the caller's thread for every text that may hold a secret.
// Finds the shapes of secrets by how they start.

import { isBehindEscape } from './escapes.ts';
import { type Shape, shapes } from './shapes.ts';

interface Compiled {
  readonly shape: Shape;
  readonly start: string;
  readonly pattern: RegExp;
}

interface Found {
  from: number;
  to: number;
  rule: string;
}

export class ShapeFinder {
  readonly #byEnd = compile();
  readonly #found: Found = { from: 0, to: 0, rule: '' };

  /** The secret whose start ends at `end`. What it gives is used again by the next call. */
  find(text: string, end: number): Readonly<Found> | undefined {
    for (const { pattern, shape, start } of this.#byEnd.get(endCode(text, end)) ?? []) {
      const at = end - start.length;
      if (!text.startsWith(start, at) || !beginsWord(text, at)) {
        continue;
      }
      pattern.lastIndex = at;
      if (pattern.test(text)) {
        const to = pattern.lastIndex;
        return shape.isSecret?.(text.slice(at, to)) === false
          ? undefined
          : this.#set(at, to, shape.rule);
      }
    }
    return undefined;
  }

  #set(from: number, to: number, rule: string): Found {
    this.#found.from = from;
    this.#found.to = to;
    this.#found.rule = rule;
    return this.#found;
  }
}

export function allStarts(): string[] {
  return shapes.flatMap((shape) => shape.starts);
}

/**
 * By their last character where that is rare, and then looked back at: V8 skips what begins with none
 * of a few characters, a tenth of a nanosecond each; with more than 16 of them it does not.
 */
export function startsBySign(): string {
  const bySign = new Map<string, string[]>();
  for (const start of allStarts()) {
    const sign = /[^a-z ]$/.exec(start)?.[0] ?? start;
    bySign.set(sign, [...(bySign.get(sign) ?? []), start]);
  }
  return [...bySign]
    .map(([sign, starts]) => `${literal(sign)}(?<=${starts.map(literal).join('|')})`)
    .join('|');
}

export function literal(start: string): string {
  return start.replaceAll('.', '\\.');
}

/** By the last two characters of their starts. */
function compile(): Map<number, Compiled[]> {
  const byEnd = new Map<number, Compiled[]>();
  for (const shape of shapes) {
    const pattern = new RegExp(shape.pattern, 'y');
    for (const start of shape.starts) {
      const code = endCode(start, start.length);
      byEnd.set(code, [...(byEnd.get(code) ?? []), { shape, start, pattern }]);
    }
  }
  return byEnd;
}

function endCode(text: string, end: number): number {
  return text.charCodeAt(end - 2) * 65_536 + text.charCodeAt(end - 1);
}

function beginsWord(text: string, at: number): boolean {
  return !isWordCharacter(text.charCodeAt(at - 1)) || isBehindEscape(text, at);
}

function isWordCharacter(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a)
  );
}
