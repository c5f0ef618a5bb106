// Secrets that a text names: `password=x`, `"password":"x"`, `password: 'x'`, `Authorization: Bearer x`, `--token x`.

import {
  afterSeparator,
  closingQuote,
  isBetween,
  isField,
  isInKey,
  isInValue,
  isOneLine,
  isParserWord,
  isTight,
  looksSecret,
  quoteAt,
} from './assigned-value.ts';
import { colourBefore } from './colour.ts';
import { escapeLength } from './escapes.ts';
import { isFolderAt, isHarmless, isSignAt } from './harmless.ts';
import { HeaderLine } from './header-line.ts';
import { listAt } from './list-in-text.ts';
import { endOfObject } from './object-text.ts';
import { isNamedSecret } from './pairs-in-text.ts';
import { Runs } from './runs.ts';
import { elementAt, isTag } from './xml-element.ts';

const dash = 0x2d;
const carriageReturn = 0x0d;
const space = 0x20;
const closingTag = 0x3e;
const openingBrace = 0x7b;

/** At most this many characters of a key are looked at. */
const maxKeyLength = 80;

export interface Found {
  from: number;
  to: number;
  /** The key of an object: what stands in it may be secret. */
  parent: string | undefined;
}

export class Assignments {
  readonly #censor: string;
  readonly #isSecretKey: (key: string) => boolean;
  readonly #found: Found = { from: 0, to: 0, parent: undefined };
  readonly #runs = new Runs();
  readonly #headers = new HeaderLine();
  /** A value that stands alone on the line below `password:`. */
  readonly #lineBelow = /\r?\n[ \t]{0,8}([^\s:=,;"'`<>\\]{8,128})[ \t]*(?=[\r\n]|$)/y;
  #keyStart = 0;

  constructor(censor: string, isSecretKey: (key: string) => boolean) {
    this.#censor = censor;
    this.#isSecretKey = isSecretKey;
  }

  /** Before another text. */
  reset(): void {
    this.#runs.reset();
  }

  /** Where the value is whose separator ends at `end`. What it gives is used again by the next call. */
  find(text: string, end: number, kept: number): Readonly<Found> | undefined {
    this.#found.parent = undefined;
    const separator = text.charCodeAt(end - 1);
    const key = this.#keyBefore(text, end - 1, kept);
    const isWord = separator === space || separator === closingTag;
    if (isWord && !this.#isTagOrFlag(text, key, end)) {
      return undefined;
    }
    const isFound =
      (this.#isSecret(key, text) || this.#isNamed(key, text)) && this.#valueOf(text, end, key);
    const { from, to } = this.#found;
    return isFound && to > from && !this.#isKnown(text, from, to, key) ? this.#found : undefined;
  }

  /** `--token x`, `<password>x<`, `<ns:Password Type="y">x<`. */
  #isTagOrFlag(text: string, key: string, end: number): boolean {
    return key.startsWith('--')
      ? text.charCodeAt(end - 1) === space && text.charCodeAt(end) !== dash
      : isTag(text, this.#keyStart);
  }

  #valueOf(text: string, end: number, key: string): boolean {
    if (isTag(text, this.#keyStart)) {
      const element = elementAt(text, end);
      return element !== undefined && this.#set(...element);
    }
    const isFlag = text.charCodeAt(end - 1) === space;
    const at = isFlag ? end : afterSeparator(text, end);
    return at >= 0 && this.#valueAt(text, at, end, key);
  }

  #isKnown(text: string, from: number, to: number, key: string): boolean {
    const value = text.slice(from, to);
    return this.#isCensor(text, from, to) || isHarmless(value) || isFolderAt(text, from, key);
  }

  /** The mark, and nothing of a value behind it. */
  #isCensor(text: string, from: number, to: number): boolean {
    const end = from + this.#censor.length;
    return text.startsWith(this.#censor, from) && (end > to || !isInValue(text, end));
  }

  /** `"name":"DB_PASSWORD","value":"x"` */
  #isNamed(key: string, text: string): boolean {
    return /^value$/i.test(key) && isNamedSecret(text, this.#keyStart, this.#isSecretKey);
  }

  #isSecret(key: string, text: string): boolean {
    const before = text[this.#keyStart - 1];
    if (this.#isSecretKey(key)) {
      return before !== ' ' || !isParserWord(text, this.#keyStart, key);
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

  /** The name that ends before the separator at `at`, quotes and spaces between them left out. */
  #keyBefore(text: string, at: number, kept: number): string {
    let end = at;
    while (end > kept && text.charCodeAt(end - 1) === space) end--;
    end -= colourBefore(text, end);
    while (end > kept && isBetween(text.charCodeAt(end - 1))) end--;
    let start = end;
    const least = Math.max(kept, end - maxKeyLength);
    while (start > least && isInKey(text.charCodeAt(start - 1))) start--;
    start += this.#escapeBefore(text, start, end);
    this.#keyStart = start;
    return text.slice(start, end);
  }

  /** `\npassword=x` in JSON; the key of `C:\token=x` is whole. */
  #escapeBefore(text: string, start: number, end: number): number {
    const length = escapeLength(text, start);
    const isEscape =
      length > 0 &&
      (text.startsWith('--', start + length) || !this.#isSecretKey(text.slice(start, end)));
    return isEscape ? length : 0;
  }

  #valueAt(text: string, at: number, end: number, key: string): boolean {
    const quote = quoteAt(text, at);
    if (quote !== '') {
      return this.#quoted(text, at, quote, key, at === end && isTight(text, end));
    }
    return (
      this.#list(text, at) ||
      this.#object(text, at, key) ||
      this.#line(text, at, key) ||
      this.#below(text, at, key) ||
      this.#bare(text, at, end, key)
    );
  }

  #list(text: string, at: number): boolean {
    const list = listAt(text, at);
    return list !== undefined && this.#set(...list);
  }

  /** Up to the same quote, escaped as often as the first one; a text that was cut ends without it. */
  #quoted(text: string, at: number, quote: string, key: string, isBehindTight: boolean): boolean {
    const from = at + quote.length;
    const to = closingQuote(text, from, quote);
    // Behind the key: `ask("Password: ")` has one before it, too.
    const isQuotedKey = quoteAt(text, this.#keyStart + key.length) !== '';
    if (!isQuotedKey && (to < 0 || /\s/.test(text.slice(from, to)))) {
      // Invalid password: 'too short'.
      const isWhole = isBehindTight && to >= 0 && isOneLine(text, from, to, quote);
      return (
        (isWhole || isField(text, this.#keyStart)) && this.#set(from, to < 0 ? text.length : to)
      );
    }
    return this.#set(from, to < 0 ? text.length : to);
  }

  #line(text: string, at: number, key: string): boolean {
    const to = this.#headers.endOf(text, at, key, this.#keyStart);
    return to >= 0 && this.#set(at, to);
  }

  #below(text: string, at: number, key: string): boolean {
    if (text.charCodeAt(at) > carriageReturn) {
      return false;
    }
    this.#lineBelow.lastIndex = at;
    const value = /pass(?:word|wd|phrase)$/i.test(key)
      ? this.#lineBelow.exec(text)?.[1]
      : undefined;
    if (value === undefined || !looksSecret(value) || !/[A-Za-z]/.test(value)) {
      return false;
    }
    const from = text.indexOf(value, at);
    return this.#set(from, from + value.length);
  }

  /** An object: its secrets are looked for by the caller. */
  #object(text: string, at: number, key: string): boolean {
    if (text.charCodeAt(at) !== openingBrace) {
      return false;
    }
    const to = endOfObject(text, at);
    if (to < 0) {
      // `{SSHA}x` is a value like any other.
      return false;
    }
    this.#found.parent = key;
    return this.#set(at, to);
  }

  /** Behind a `=` without spaces any value; else one that no word of a sentence looks like. */
  #bare(text: string, at: number, end: number, key: string): boolean {
    // Before the value is read: it may be as long as the text, and many of them are known.
    if (this.#isCensor(text, at, at + this.#censor.length) || isFolderAt(text, at, key)) {
      return false;
    }
    const to = this.#runs.endAt(text, at);
    // No number, and no bracket behind which an object or a list goes on.
    if (to - at < 6 && /^(?:\d*|[{[])$/.test(text.slice(at, to))) {
      return false;
    }
    const isFlag = text.charCodeAt(end - 1) === space;
    const isBehindTight = at === end && isTight(text, end);
    const isSecret = isFlag || isBehindTight || this.#runs.looksSecretAt(text, at);
    return isSecret && !isSignAt(text, at) && this.#set(at, to);
  }

  #set(from: number, to: number): true {
    this.#found.from = from;
    this.#found.to = to;
    return true;
  }
}
