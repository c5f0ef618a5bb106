// Hot path: runs on the caller's thread for every text.
// Whether anything in a text may be the beginning of a secret: the question that most texts answer with no.

import { allStarts, startsBySign } from './shape-finder.ts';

/** Up to here a look at each character is quicker than the call of a regular expression (100 ns, measured). */
const maxLooked = 64;

const codes = 128;
/** `:`, `=` and others that alone are reason enough to ask the regular expression. */
const alone = 1;
const signs = [':', '=', '>', "'"];
const furtherStarts = ['--', '%3D', '%3d'];

export class Suspicion {
  readonly #pattern = new RegExp(
    `[:=>]|--|%3[Dd]|'(?<=(?:[Bb][Yy]|[Rr][Dd])\\s')|${startsBySign()}`,
  );
  /** By two characters: `alone`, or the place in `#starts` of all that end with them; 0 for none. */
  readonly #kinds = new Uint8Array(codes * codes);
  readonly #starts: string[][] = [[], []];

  constructor() {
    for (const sign of signs) {
      for (let before = 0; before < codes; before++) {
        this.#kinds[before * codes + sign.charCodeAt(0)] = alone;
      }
    }
    for (const start of [...allStarts(), ...furtherStarts]) {
      this.#add(start);
    }
  }

  test(text: string): boolean {
    return (text.length > maxLooked || this.#mayHold(text)) && this.#pattern.test(text);
  }

  #add(start: string): void {
    const index = pairIndex(start.charCodeAt(start.length - 2), start.charCodeAt(start.length - 1));
    const kind = this.#kinds[index] ?? 0;
    if (kind === 0) {
      this.#kinds[index] = this.#starts.length;
      this.#starts.push([start]);
    } else if (kind !== alone) {
      this.#starts[kind]?.push(start);
    }
  }

  #mayHold(text: string): boolean {
    const kinds = this.#kinds;
    let before = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      const kind = code < codes ? (kinds[pairIndex(before, code)] as number) : 0;
      if (kind !== 0 && (kind === alone || this.#endsStart(text, i + 1, kind))) {
        return true;
      }
      before = code;
    }
    return false;
  }

  #endsStart(text: string, end: number, kind: number): boolean {
    return (this.#starts[kind] ?? []).some((start) => text.startsWith(start, end - start.length));
  }
}

/** Characters beyond ASCII stand for others here: a pair too many is looked at. */
function pairIndex(before: number, code: number): number {
  return (before & (codes - 1)) * codes + code;
}
