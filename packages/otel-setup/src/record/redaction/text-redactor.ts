// Hot path: runs on the caller's thread for every text.
// A text without the secrets in it: by our shapes, by presets and by patterns of the application's own.

import { patternsOf, type TextPattern } from './presets.ts';
import type { RedactionOptions } from './redaction-options.ts';
import { type Count, TextScanner } from './scan-text.ts';

export class TextRedactor {
  readonly #censor: string;
  readonly #count: Count;
  readonly #scanner: TextScanner;
  readonly #patterns: readonly TextPattern[];

  constructor(
    { presets = [], patterns = [] }: RedactionOptions,
    censor: string,
    isSecretKey: (key: string) => boolean,
    count: Count,
  ) {
    this.#censor = censor;
    this.#count = count;
    this.#scanner = new TextScanner(censor, isSecretKey, count);
    this.#patterns = [
      ...patternsOf(presets),
      ...patterns.map((pattern) => ({ rule: 'pattern', pattern: everywhere(pattern) })),
    ];
  }

  clean(text: string): string {
    const scanned = this.#scanner.scan(text);
    return this.#patterns.length === 0 ? scanned : this.#match(scanned);
  }

  #match(text: string): string {
    let clean = text;
    for (const { isSecret, pattern, rule } of this.#patterns) {
      clean = clean.replace(pattern, (found) => {
        if (found === '' || found === this.#censor || isSecret?.(found) === false) {
          return found;
        }
        this.#count(rule);
        return this.#censor;
      });
    }
    return clean;
  }
}

/** A copy that finds all: the application's own object keeps its place in its own texts. */
function everywhere(pattern: RegExp): RegExp {
  return new RegExp(pattern.source, `${pattern.flags.replace(/[gy]/g, '')}g`);
}
