// A list of texts under a secret key, within a text: `"set-cookie":["a=1"]`, `passwords: [ 'a', 'b' ]`.

import { closingQuote, quoteAt } from './assigned-value.ts';
import { colourLength, maybeColour } from './colour.ts';

/** util.inspect and indented JSON set it on a line of its own. */
const maxBlanks = 64;
/** With numbers and the like that stand between two texts. */
const between = new RegExp(
  `(?:${maybeColour}\\s{0,64},\\s{0,64}${maybeColour}(?:[\\w.+-]{1,64}(?=\\W))?){1,64}`,
  'y',
);

/** All of its texts as one, without their outer quotes; with them where util.inspect mixed them: `[ "it's", 'b' ]`. */
export function listAt(text: string, at: number): [from: number, to: number] | undefined {
  if (text[at] !== '[') {
    return undefined;
  }
  let first = at + 1;
  while (first - at <= maxBlanks && isBlank(text.charCodeAt(first))) first++;
  first += colourLength(text, first);
  const quote = quoteAt(text, first);
  return quote === '' ? undefined : textsOf(text, first, quote);
}

function textsOf(text: string, first: number, quote: string): [from: number, to: number] {
  for (let at = first, opening = quote; ; ) {
    const end = closingQuote(text, at + opening.length, opening);
    if (end < 0) {
      // It was cut.
      return [first + quote.length, text.length];
    }
    const last = opening;
    between.lastIndex = end + opening.length;
    at = between.test(text) ? between.lastIndex : -1;
    opening = at < 0 ? '' : quoteAt(text, at);
    if (opening === '') {
      return last === quote ? [first + quote.length, end] : [first, end + last.length];
    }
  }
}

function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}
