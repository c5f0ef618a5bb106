// The signs around a value that a text assigns to a key.

import { colourLength } from './colour.ts';

/** One of them is in what is no word of a sentence. */
export const secretSign: RegExp = /[0-9!@#$%^&*+=~?]/;
/** A URL, or a call in a line of code, from `lastIndex` on. */
export const urlOrCall: RegExp = /\/\/|[\w.$]+\(/y;
export const leastSecretLength = 6;

/** No word of a sentence, no URL and no call in a line of code. */
export function looksSecret(value: string): boolean {
  urlOrCall.lastIndex = 0;
  return value.length >= leastSecretLength && secretSign.test(value) && !urlOrCall.test(value);
}

/** What may stand behind a value in a sentence or in code: `)]}.!?:|`. */
export function isClosing(code: number): boolean {
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

/** Whether a value goes on at this place: no end, no space, no sign that may stand behind one. */
export function isInValue(text: string, at: number): boolean {
  return at < text.length && !/[\s&;,"'`<>\\)\]}.!?:|]/.test(text.charAt(at));
}

/** Where the value begins, or -1: `==`, `::` and `=>` without a quote separate nothing. */
export function afterSeparator(text: string, end: number): number {
  const isArrow = text[end - 1] === '=' && text[end] === '>';
  const isDefinition = text[end - 1] === ':' && text[end] === '=';
  let at = isArrow || isDefinition ? end + 1 : end;
  for (let i = 0; i < 4 && isSpace(text.charCodeAt(at)); i++) at++;
  at += colourLength(text, at);
  const next = text[at];
  return next === '=' || next === ':' || (isArrow && quoteAt(text, at) === '') ? -1 : at;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0xa0;
}

/** The quote at this place with the backslashes before it, or ''. */
export function quoteAt(text: string, at: number): string {
  let end = at;
  while (text[end] === '\\' && end - at < 7) end++;
  return isQuote(text.charCodeAt(end)) ? text.slice(at, end + 1) : '';
}

export function closingQuote(text: string, from: number, quote: string): number {
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

/** Unexpected token: '}'. */
export function isParserWord(text: string, keyStart: number, key: string): boolean {
  const before = text.slice(Math.max(0, keyStart - 13), keyStart);
  return /^token$/i.test(key) && /(?:expected|illegal|unrecogni[sz]ed) $/i.test(before);
}

/** Behind `key=`. */
export function isTight(text: string, end: number): boolean {
  return text.charCodeAt(end - 1) === 0x3d && isInKey(text.charCodeAt(end - 2));
}

/** Whether a value ends on its line, and its quote is no apostrophe. */
export function isOneLine(text: string, from: number, to: number, quote: string): boolean {
  const isShort = to - from < 1_024 && !/[\r\n]/.test(text.slice(from, to));
  return isShort && !isInKey(text.charCodeAt(to + quote.length));
}

/** Where a field of an object may begin. */
export function isField(text: string, at: number): boolean {
  return (
    at === 0 || /(?:[{,([\n]|\\n|\[[0-9;]{0,8}m)\s{0,8}$/.test(text.slice(Math.max(0, at - 18), at))
  );
}

export function isQuote(code: number): boolean {
  return code === 0x22 || code === 0x27 || code === 0x60;
}

/** Quotes, backslashes, brackets and spaces. */
export function isBetween(code: number): boolean {
  return isQuote(code) || code === 0x5c || code === 0x5d || code === 0x20 || code === 0x09;
}

export function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
}

/** Letters, digits, `_`, `-`, `.`, `$`. */
export function isInKey(code: number): boolean {
  return (
    isLetter(code) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === 0x2d ||
    code === 0x2e ||
    code === 0x24
  );
}
