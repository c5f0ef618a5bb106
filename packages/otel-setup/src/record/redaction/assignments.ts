// Secrets that a text names: `password=x`, `"password":"x"`, `password: 'x'`, `Authorization: Bearer x`, `--token x`.

import {
  afterSeparator,
  closingQuote,
  isBetween,
  isClosing,
  isField,
  isInKey,
  isOneLine,
  isQuote,
  isTight,
  looksSecret,
  quoteAt,
} from './assigned-value.ts';
import { isFolder, isHarmless, isSignAt } from './harmless.ts';

const colon = 0x3a;
const dash = 0x2d;
const space = 0x20;
const slash = 0x2f;
const openingTag = 0x3c;
const closingTag = 0x3e;
const openingList = 0x5b;
const lineFeed = 0x0a;
const lowerE = 0x65;
const lowerN = 0x6e;

/** At most this many characters of a key are looked at. */
const maxKeyLength = 80;
const maxTagLength = 200;

export class Assignments {
  readonly #censor: string;
  readonly #isSecretKey: (key: string) => boolean;
  readonly #found = { from: 0, to: 0 };
  readonly #value = /[^\s&;,"'`<>\\]+/y;
  readonly #scheme =
    /(?:basic|bearer|digest|token|api-?key|key|negotiate|ntlm|hawk|hmac|oauth|signature|sharedkey|ssws|googlelogin|aws4-hmac-sha256)\s+\S/iy;
  /** Not `Expired 2026-11-30`. */
  readonly #otherScheme =
    /(?!\w{1,20}ed )[A-Z][\w-]{1,30} {1,2}([\w.~+/=-]{12,4096})[ \t]*(?:["'`\r\n\\]|$)/y;
  readonly #cookie = /[^\s=;,"']+=/y;
  /** To the end of the line or of the text's own quotes; those of a value belong to it. */
  readonly #restOfLine = /(?:="[^"\r\n]*"|[^"'`\r\n\\]|\\(?![rn"'`])){0,65536}/y;
  #keyStart = 0;

  constructor(censor: string, isSecretKey: (key: string) => boolean) {
    this.#censor = censor;
    this.#isSecretKey = isSecretKey;
  }

  /** Where the value is whose separator ends at `end`. What it gives is used again by the next call. */
  find(
    text: string,
    end: number,
    kept: number,
  ): { readonly from: number; readonly to: number } | undefined {
    const separator = text.charCodeAt(end - 1);
    const key = this.#keyBefore(text, end - 1, kept);
    const isWord = separator === space || separator === closingTag;
    if (isWord && !this.#isTagOrFlag(text, key, end)) {
      return undefined;
    }
    const isFound = this.#isSecret(key, text) && this.#valueOf(text, end, key);
    const { from, to } = this.#found;
    return isFound && to > from && !this.#isKnown(text, from, to, key) ? this.#found : undefined;
  }

  /** `--token x`, `<password>x<`, `<ns:Password Type="y">x<`. */
  #isTagOrFlag(text: string, key: string, end: number): boolean {
    return key.startsWith('--')
      ? text.charCodeAt(end - 1) === space && text.charCodeAt(end) !== dash
      : this.#isTag(text);
  }

  #isTag(text: string): boolean {
    const before = text.charCodeAt(this.#keyStart - 1);
    return (
      before === openingTag ||
      (before === colon &&
        /<\w{1,20}:$/.test(text.slice(Math.max(0, this.#keyStart - 22), this.#keyStart)))
    );
  }

  #valueOf(text: string, end: number, key: string): boolean {
    if (this.#isTag(text)) {
      return this.#element(text, end);
    }
    const isFlag = text.charCodeAt(end - 1) === space;
    const at = isFlag ? end : afterSeparator(text, end);
    return at >= 0 && this.#valueAt(text, at, end, key);
  }

  #isKnown(text: string, from: number, to: number, key: string): boolean {
    const value = text.slice(from, to);
    return (
      this.#isCensor(text, from, to) ||
      isHarmless(value) ||
      (isFolder(value) && /(?:^|env\.)pwd$/i.test(key))
    );
  }

  /** The mark, and nothing of a value behind it. */
  #isCensor(text: string, from: number, to: number): boolean {
    const end = from + this.#censor.length;
    return text.startsWith(this.#censor, from) && (end >= to || isClosing(text.charCodeAt(end)));
  }

  #isSecret(key: string, text: string): boolean {
    const before = text[this.#keyStart - 1];
    if (this.#isSecretKey(key)) {
      return before !== ' ' || !this.#isParserWord(key, text);
    }
    if (before === ' ' && key.length === 3 && key.toLowerCase() === 'key') {
      // `api key: x`, in two words.
      const words = /[A-Za-z]{3,10} $/.exec(
        text.slice(Math.max(0, this.#keyStart - 12), this.#keyStart),
      );
      return words !== null && this.#isSecretKey(words[0] + key);
    }
    return (before === '?' || before === '&') && /(?:^|-)sig(?:nature)?$/i.test(key);
  }

  /** Unexpected token: '}'. */
  #isParserWord(key: string, text: string): boolean {
    const before = text.slice(Math.max(0, this.#keyStart - 13), this.#keyStart);
    return /^token$/i.test(key) && /(?:expected|illegal|unrecogni[sz]ed) $/i.test(before);
  }

  /** The name that ends before the separator at `at`, quotes and spaces between them left out. */
  #keyBefore(text: string, at: number, kept: number): string {
    let end = at;
    while (end > kept && isBetween(text.charCodeAt(end - 1))) end--;
    let start = end;
    const least = Math.max(kept, end - maxKeyLength);
    while (start > least && isInKey(text.charCodeAt(start - 1))) start--;
    this.#keyStart = start;
    return text.slice(start, end);
  }

  /** The text of an XML element, between its tags. */
  #element(text: string, end: number): boolean {
    const rest =
      text.charCodeAt(end - 1) === closingTag ? '>' : text.slice(end, end + maxTagLength);
    const close = rest.indexOf('>');
    const from = rest === '>' ? end : end + close + 1;
    const to = close < 0 || rest[close - 1] === '/' ? -1 : text.indexOf('<', from);
    return text.charCodeAt(to + 1) === slash && this.#set(from, to);
  }

  #valueAt(text: string, at: number, end: number, key: string): boolean {
    const quote = quoteAt(text, at);
    if (quote !== '') {
      return this.#quoted(text, at, quote, at === end && isTight(text, end));
    }
    return this.#list(text, at) || this.#line(text, at, key) || this.#bare(text, at, end);
  }

  /** `["a", "b"]`: all of them as one. */
  #list(text: string, at: number): boolean {
    const first = text.charCodeAt(at) === openingList ? at + 1 : -1;
    const quote = first < 0 ? '' : quoteAt(text, first);
    if (quote === '') {
      return false;
    }
    const from = first + quote.length;
    const end = text.indexOf(`${quote}]`, from);
    return this.#set(from, end < 0 ? text.length : end);
  }

  /** Up to the same quote, escaped as often as the first one; a text that was cut ends without it. */
  #quoted(text: string, at: number, quote: string, isBehindTight: boolean): boolean {
    const from = at + quote.length;
    const to = closingQuote(text, from, quote);
    const isQuotedKey = isQuote(text.charCodeAt(this.#keyStart - 1));
    if (!isQuotedKey && (to < 0 || /\s/.test(text.slice(from, to)))) {
      // Invalid password: 'too short'.
      const isWhole = isBehindTight && to >= 0 && isOneLine(text, from, to, quote);
      return (
        (isWhole || isField(text, this.#keyStart)) && this.#set(from, to < 0 ? text.length : to)
      );
    }
    return this.#set(from, to < 0 ? text.length : to);
  }

  /** The line of a header. */
  #line(text: string, at: number, key: string): boolean {
    const last = key.charCodeAt(key.length - 1) | 0x20;
    const isAuthorization = last === lowerN && key.length >= 13;
    if (!isAuthorization && !(last === lowerE && /cookie$/i.test(key))) {
      return false;
    }
    const pattern = isAuthorization ? this.#scheme : this.#cookie;
    pattern.lastIndex = at;
    if (!pattern.test(text) && !(isAuthorization && this.#isOtherScheme(text, at))) {
      return false;
    }
    this.#restOfLine.lastIndex = at;
    this.#restOfLine.test(text);
    return this.#set(at, this.#restOfLine.lastIndex);
  }

  /** `Authorization: MyScheme x`, as a whole line or text in quotes. */
  #isOtherScheme(text: string, at: number): boolean {
    const before = this.#keyStart === 0 ? lineFeed : text.charCodeAt(this.#keyStart - 1);
    this.#otherScheme.lastIndex = at;
    const isLine = before === lineFeed || isQuote(before);
    const token = isLine ? this.#otherScheme.exec(text)?.[1] : undefined;
    return token !== undefined && /[0-9]/.test(token) && /[A-Za-z]/.test(token);
  }

  /** Behind a `=` without spaces any value; else one that no word of a sentence looks like. */
  #bare(text: string, at: number, end: number): boolean {
    this.#value.lastIndex = at;
    if (!this.#value.test(text) || isSignAt(text, at)) {
      return false;
    }
    let to = this.#value.lastIndex;
    while (to > at && isClosing(text.charCodeAt(to - 1))) to--;
    const value = text.slice(at, to);
    if (value.length < 6 && /^\d*$/.test(value)) {
      return false;
    }
    const separator = text.charCodeAt(end - 1);
    const isFlag = separator === space;
    const isBehindTight = at === end && isTight(text, end);
    return (isFlag || isBehindTight || looksSecret(value)) && this.#set(at, to);
  }

  #set(from: number, to: number): true {
    this.#found.from = from;
    this.#found.to = to;
    return true;
  }
}
