// What a key says about the value under it: ours and the application's own rules, asked once for each key.

import { usableKey } from '../attribute-name.ts';
import { type KeyKind, secretKind, wordsOf } from './secret-key.ts';

const maxRemembered = 4_096;
const maxRememberedLength = 64;

export class KeyKinds {
  readonly #own: ReadonlySet<string>;
  readonly #allowed: ReadonlySet<string>;
  /** As they were given, and as rendering writes what Loki would refuse. */
  readonly #ownExact: ReadonlySet<string>;
  readonly #known = new Map<string, KeyKind>();

  constructor(own: readonly string[], allowed: readonly string[]) {
    this.#own = new Set(own.map((key) => wordsOf(key).join('')));
    this.#ownExact = new Set([...own, ...own.map(usableKey)]);
    this.#allowed = new Set(allowed.map((key) => wordsOf(key).join('')));
  }

  has(key: string): boolean {
    return this.#known.has(key);
  }

  of(key: string): KeyKind {
    const known = this.#known.get(key);
    if (known !== undefined) {
      return known;
    }
    const kind = this.#describe(key);
    if (key.length <= maxRememberedLength && this.#known.size < maxRemembered) {
      this.#known.set(key, kind);
    }
    return kind;
  }

  isSecret(key: string): boolean {
    const kind = this.of(key);
    return kind === 'secret' || kind === 'container' || kind === 'pwd';
  }

  #describe(key: string): KeyKind {
    const words = wordsOf(asLogged(key));
    const endings = words.map((_, i) => words.slice(i).join(''));
    if (this.#ownExact.has(key) || endings.some((ending) => this.#own.has(ending))) {
      return 'own';
    }
    return this.#allowed.has(words.join('')) ? 'none' : secretKind(key);
  }
}

/** A key of another script is in hexadecimal below the top level: its first 32 bytes. */
function asLogged(key: string): string {
  const hex = /^key_((?:[0-9a-f]{2}){2,32})$/.exec(key)?.[1];
  return hex === undefined ? key : Buffer.from(hex, 'hex').toString('utf8');
}
