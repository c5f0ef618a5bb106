// Hot path: runs on the caller's thread for every text that may hold a secret.
// `Authorization: Bearer x` and `Cookie: a=b`: the rest of their line is secret.

import { isQuote } from './assigned-value.ts';

const lineFeed = 0x0a;
const lowerE = 0x65;
const lowerN = 0x6e;

export class HeaderLine {
  readonly #scheme =
    /(?:basic|bearer|digest|token|api-?key|key|negotiate|ntlm|hawk|hmac|oauth|signature|sharedkey|ssws|googlelogin|aws4-hmac-sha256)\s+\S/iy;
  /** Not `Expired 2026-11-30`. */
  readonly #otherScheme =
    /(?!\w{1,20}ed )[A-Z][\w-]{1,30} {1,2}([\w.~+/=-]{12,4096})[ \t]*(?:["'`\r\n\\]|$)/y;
  readonly #cookie = /[^\s=;,"']+=/y;
  /** To the end of the line or of the text's own quotes; those of a value belong to it. */
  readonly #rest = /(?:="[^"\r\n]*"|[^"'`\r\n\\]|\\(?![rn"'`])){0,65536}/y;

  /** Where the value at `at` ends, whose key begins at `keyStart`; -1 where that is no header. */
  endOf(text: string, at: number, key: string, keyStart: number): number {
    const last = key.charCodeAt(key.length - 1) | 0x20;
    const isAuthorization = last === lowerN && key.length >= 13;
    if (!isAuthorization && !(last === lowerE && /cookie$/i.test(key))) {
      return -1;
    }
    const pattern = isAuthorization ? this.#scheme : this.#cookie;
    pattern.lastIndex = at;
    if (!pattern.test(text) && !(isAuthorization && this.#isOtherScheme(text, at, keyStart))) {
      return -1;
    }
    this.#rest.lastIndex = at;
    this.#rest.test(text);
    return this.#rest.lastIndex;
  }

  /** `Authorization: MyScheme x`, as a whole line, text in quotes, or message of an Error. */
  #isOtherScheme(text: string, at: number, keyStart: number): boolean {
    const before = keyStart === 0 ? lineFeed : text.charCodeAt(keyStart - 1);
    this.#otherScheme.lastIndex = at;
    const isLine =
      before === lineFeed || isQuote(before) || text.slice(keyStart - 2, keyStart) === ': ';
    const token = isLine ? this.#otherScheme.exec(text)?.[1] : undefined;
    return token !== undefined && /[0-9]/.test(token) && /[A-Za-z]/.test(token);
  }
}
