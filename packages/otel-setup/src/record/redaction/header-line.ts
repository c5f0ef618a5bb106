// Hot path: runs on the caller's thread for every text that may hold a secret.
// `Authorization: Bearer x` and `Cookie: a=b`: the rest of their line is secret.

import { isQuote } from './assigned-value.ts';
import { isSignAt } from './harmless.ts';

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
  /** `Bearer undefined`, `token expired`: what is told of credentials. */
  readonly #told =
    /(?:(?:token|key|auth\w{0,14}|scheme|header) )?(?:undefined|null|none|is|was|has|not|required|missing|expired|invalid|rejected|revoked|denied|malformed|failed)(?![\w=-])/iy;
  /** To the end of the line or of the text's own quotes; those of a parameter belong to it: `realm="a b",`. */
  readonly #rest =
    /(?:="(?![\s,\]}])[^"\r\n]*"(?![\w/.-])|=\\{1,7}"(?![\s,\]}])[^"\\\r\n]*\\{1,7}"(?![\w/.-])|[^"'`\r\n\\]|\\(?![rn"'`])){0,65536}/y;

  /** Where the value at `at` ends, whose key begins at `keyStart`; -1 where that is no header. */
  endOf(text: string, at: number, key: string, keyStart: number): number {
    const last = key.charCodeAt(key.length - 1) | 0x20;
    const isAuthorization = last === lowerN && key.length >= 13;
    if (!isAuthorization && !(last === lowerE && /cookie$/i.test(key))) {
      return -1;
    }
    this.#cookie.lastIndex = at;
    const isValue = isAuthorization
      ? this.#isScheme(text, at) || this.#isOtherScheme(text, at, keyStart)
      : this.#cookie.test(text);
    if (!isValue) {
      return -1;
    }
    this.#rest.lastIndex = at;
    this.#rest.test(text);
    return this.#rest.lastIndex;
  }

  #isScheme(text: string, at: number): boolean {
    this.#scheme.lastIndex = at;
    if (!this.#scheme.test(text)) {
      return false;
    }
    const credentials = this.#scheme.lastIndex - 1;
    this.#told.lastIndex = credentials;
    return !this.#told.test(text) && !isSignAt(text, credentials);
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
