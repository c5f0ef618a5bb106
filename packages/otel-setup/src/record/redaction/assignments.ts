// Secrets that a text names: `password=x`, `"password":"x"`, `password: 'x'`, `Authorization: Bearer x`, `--token x`.

/** The last words of secret keys, each directly before what separates it from its value. */
const lastWords =
  'pass(?:word|wd|phrase|code)?s?|pwd|secrets?|token|key|authorization|cookies?|credentials?|jwt|bearer|sig(?:nature)?';

const dash = 0x2d;
const equals = 0x3d;
const space = 0x20;
const lowerE = 0x65;
const lowerN = 0x6e;

/** At most this many characters of a key are looked at. */
const maxKeyLength = 80;

/** Texts under a secret key that are none: nothing, a word of the language, a mark, a placeholder. */
const harmlessWords: ReadonlySet<string> = new Set([
  ...['', 'true', 'false', 'null', 'nil', 'none', 'undefined', 'include', 'omit', 'same-origin'],
]);
const harmlessSigns =
  /^(?:[*•.]+|\[(?:redacted|filtered|hidden|circular|object object|function [\w$ ]*|cut: [\w ]+)\]|<[\w -]*>|\?|%[sdifjoOc]|:\w+|\$\d+|\$?\{+[\w.]*\}+)$/i;

export function isHarmless(value: string): boolean {
  return (
    value.length < 40 &&
    (isLetter(value.charCodeAt(0))
      ? harmlessWords.has(value.toLowerCase())
      : value === '' || harmlessSigns.test(value))
  );
}

export class Assignments {
  /** What a text is searched for, without regard to case. Ends with the separator. */
  readonly start: string = `(?:${lastWords})(?:[0-9]{0,3}\\\\{0,7}["'\\]]{0,2}\\s{0,2}[:=]| )`;
  readonly #censor: string;
  readonly #isSecretKey: (key: string) => boolean;
  readonly #found = { from: 0, to: 0 };
  readonly #value = /[^\s&;,"'`<>\\]+/y;
  readonly #scheme =
    /(?:basic|bearer|digest|token|api-?key|key|negotiate|ntlm|hawk|hmac|oauth|signature|sharedkey|ssws|googlelogin|aws4-hmac-sha256)\s+\S/iy;
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
    const isFlag = text[end - 1] === ' ';
    if (isFlag && text.charCodeAt(end) === dash) {
      return undefined;
    }
    const key = this.#keyBefore(text, end - 1, kept);
    if ((isFlag && !key.startsWith('--')) || !this.#isSecret(key, text)) {
      return undefined;
    }
    const at = isFlag ? end : afterSeparator(text, end);
    const found = at >= 0 && this.#valueAt(text, at, end, key);
    const { from, to } = this.#found;
    return found && to > from && !this.#isKnown(text, from, to) ? this.#found : undefined;
  }

  #isKnown(text: string, from: number, to: number): boolean {
    return text.startsWith(this.#censor, from) || isHarmless(text.slice(from, to));
  }

  #isSecret(key: string, text: string): boolean {
    if (this.#isSecretKey(key)) {
      return true;
    }
    const before = text[this.#keyStart - 1];
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
    while (end > kept && isBetween(text.charCodeAt(end - 1))) end--;
    let start = end;
    const least = Math.max(kept, end - maxKeyLength);
    while (start > least && isInKey(text.charCodeAt(start - 1))) start--;
    this.#keyStart = start;
    return text.slice(start, end);
  }

  #valueAt(text: string, at: number, end: number, key: string): boolean {
    const quote = quoteAt(text, at);
    if (quote !== '') {
      return this.#quoted(text, at, quote);
    }
    return this.#line(text, at, key) || this.#bare(text, at, end);
  }

  /** Up to the same quote, escaped as often as the first one; a text that was cut ends without it. */
  #quoted(text: string, at: number, quote: string): boolean {
    const from = at + quote.length;
    const to = closingQuote(text, from, quote);
    const isQuotedKey = isQuote(text.charCodeAt(this.#keyStart - 1));
    if (!isQuotedKey && (to < 0 || /\s/.test(text.slice(from, to)))) {
      // Invalid password: 'too short'.
      return isField(text, this.#keyStart) && this.#set(from, to < 0 ? text.length : to);
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
    if (!pattern.test(text)) {
      return false;
    }
    this.#restOfLine.lastIndex = at;
    this.#restOfLine.test(text);
    return this.#set(at, this.#restOfLine.lastIndex);
  }

  /** Behind a `=` without spaces any value; else one that no word of a sentence looks like. */
  #bare(text: string, at: number, end: number): boolean {
    this.#value.lastIndex = at;
    if (!this.#value.test(text)) {
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
    const isTight = separator === equals && at === end && isInKey(text.charCodeAt(end - 2));
    return (isFlag || isTight || looksSecret(value)) && this.#set(at, to);
  }

  #set(from: number, to: number): true {
    this.#found.from = from;
    this.#found.to = to;
    return true;
  }
}

/** No word of a sentence, no URL and no call in a line of code. */
function looksSecret(value: string): boolean {
  return value.length >= 6 && /[0-9!@#$%^&*+=~?]/.test(value) && !/^(?:\/\/|[\w.$]+\()/.test(value);
}

/** What may stand behind a value in a sentence or in code: `)]}.!?:|`. */
function isClosing(code: number): boolean {
  return (
    code === 0x29 ||
    code === 0x5d ||
    code === 0x7d ||
    code === 0x2e ||
    code === 0x21 ||
    code === 0x3f ||
    code === 0x3a ||
    code === 0x7c
  );
}

/** Where the value begins, or -1: `==`, `::` and `=>` without a quote separate nothing. */
function afterSeparator(text: string, end: number): number {
  const isArrow = text[end - 1] === '=' && text[end] === '>';
  const isDefinition = text[end - 1] === ':' && text[end] === '=';
  let at = isArrow || isDefinition ? end + 1 : end;
  for (let i = 0; i < 4 && (text[at] === ' ' || text[at] === '\t'); i++) at++;
  const next = text[at];
  return next === '=' || next === ':' || (isArrow && quoteAt(text, at) === '') ? -1 : at;
}

/** The quote at this place with the backslashes before it, or ''. */
function quoteAt(text: string, at: number): string {
  let end = at;
  while (text[end] === '\\' && end - at < 7) end++;
  return isQuote(text.charCodeAt(end)) ? text.slice(at, end + 1) : '';
}

function closingQuote(text: string, from: number, quote: string): number {
  const sign = quote.slice(-1);
  const escapes = quote.length - 1;
  for (let at = text.indexOf(sign, from); at >= 0; at = text.indexOf(sign, at + 1)) {
    let count = 0;
    while (text[at - 1 - count] === '\\') count++;
    if (count <= escapes || (escapes === 0 && count % 2 === 0)) {
      return at - Math.min(count, escapes);
    }
  }
  return -1;
}

/** Where a field of an object may begin. */
function isField(text: string, at: number): boolean {
  return at === 0 || /[{,([\n]\s{0,8}$/.test(text.slice(Math.max(0, at - 9), at));
}

function isQuote(code: number): boolean {
  return code === 0x22 || code === 0x27 || code === 0x60;
}

/** Quotes, backslashes, brackets and spaces. */
function isBetween(code: number): boolean {
  return isQuote(code) || code === 0x5c || code === 0x5d || code === 0x20 || code === 0x09;
}

function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
}

/** Letters, digits, `_`, `-`, `.`, `$`. */
function isInKey(code: number): boolean {
  return (
    isLetter(code) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === dash ||
    code === 0x2e ||
    code === 0x24
  );
}
