// Hot path: runs on the caller's thread for every text that may hold a secret.
// Secrets in forms of their own: entries of a list, SQL, a percent-encoded query, curl's user, docker's credentials.

import { isBasicCredentials } from './basic-credentials.ts';
import { isHarmless } from './harmless.ts';
import { entryAt } from './pairs-in-text.ts';
import { RawList } from './raw-list.ts';

const quote = 0x27;
const doubleQuote = 0x22;
const equals = 0x3d;
const space = 0x20;
const percent = 0x25;

interface Range {
  readonly from: number;
  readonly to: number;
}

export class OtherForms {
  readonly #isSecretKey: (key: string) => boolean;
  readonly #rawList = new RawList();
  readonly #sql = /([^'\s]{1,256})(?=')/y;
  readonly #encoded = /((?:(?!%26|%23|%22|%27)[^\s&;,"'`<>\\#])+)/y;
  readonly #curl = /["']?[^\s:"']{0,128}:([^\s"']{1,256})/y;
  /** The whole of it: the first part of a JWT decodes to a colon as well. */
  readonly #basic = /([A-Za-z0-9+/]{8,2048}={0,2})(?![\w.+/=-])/y;

  constructor(isSecretKey: (key: string) => boolean) {
    this.#isSecretKey = isSecretKey;
  }

  /** Before another text. */
  reset(): void {
    this.#rawList.reset();
  }

  /** Where the secret is whose start ends at `end`. */
  find(text: string, end: number): Range | undefined {
    switch (text.charCodeAt(end - 1)) {
      case quote:
        return this.#entryAt(text, end) ?? this.#sqlAt(text, end);
      case space:
        return isCurl(text, end) ? rangeOf(this.#curl, text, end) : undefined;
      case doubleQuote:
        return this.#entryAt(text, end) ?? this.#basicAt(text, end);
      case equals:
        return text.endsWith('_auth=', end) ? this.#basicAt(text, end) : undefined;
      default:
        return this.#isEncoded(text, end) ? rangeOf(this.#encoded, text, end) : undefined;
    }
  }

  #entryAt(text: string, end: number): Range | undefined {
    const range = entryAt(text, end, this.#isSecretKey, this.#rawList);
    return range === undefined || isHarmless(text.slice(range.from, range.to)) ? undefined : range;
  }

  /** Behind a word, not behind what a list has between two texts. */
  #sqlAt(text: string, end: number): Range | undefined {
    const isWord = /[a-z]\s{1,4}'$/i.test(text.slice(Math.max(0, end - 6), end));
    return isWord ? rangeOf(this.#sql, text, end) : undefined;
  }

  #basicAt(text: string, end: number): Range | undefined {
    const range = rangeOf(this.#basic, text, end);
    return range !== undefined && isBasicCredentials(text.slice(range.from, range.to))
      ? range
      : undefined;
  }

  /** `%3Faccess_token%3D`: the two digits of the sign before it do not belong to the key. */
  #isEncoded(text: string, end: number): boolean {
    if (text.charCodeAt(end - 3) !== percent) {
      return false;
    }
    const before = text.slice(Math.max(0, end - 83), end);
    const key = /(?:%[0-9a-f]{2}|[^\w.%-]|^)([\w.-]+)%3d$/i.exec(before)?.[1];
    return key !== undefined && (this.#isSecretKey(key) || /^sig(?:nature)?$/i.test(key));
  }
}

function isCurl(text: string, end: number): boolean {
  if (!text.endsWith('-u', end - 1) && !text.endsWith('--user', end - 1)) {
    return false;
  }
  const before = text.slice(Math.max(0, end - 200), end);
  return / (?:-u|--user) $/.test(before) && /curl\s/.test(before);
}

function rangeOf(pattern: RegExp, text: string, end: number): Range | undefined {
  pattern.lastIndex = end;
  const secret = pattern.exec(text)?.[1] ?? '';
  return isHarmless(secret)
    ? undefined
    : { from: pattern.lastIndex - secret.length, to: pattern.lastIndex };
}
