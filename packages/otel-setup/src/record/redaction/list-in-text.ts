// A list of texts under a secret key, within a text: `"set-cookie":["a=1"]`, `passwords: [ 'a', 'b' ]`.

import { colourBefore, colourLength, quoteAt } from './assigned-value.ts';

/** util.inspect and indented JSON set it on a line of its own. */
const maxBlanks = 64;

/** All of its texts as one, without their outer quotes. */
export function listAt(text: string, at: number): [from: number, to: number] | undefined {
  if (text[at] !== '[') {
    return undefined;
  }
  let first = at + 1;
  while (first - at <= maxBlanks && isBlank(text.charCodeAt(first))) first++;
  first += colourLength(text, first);
  const quote = quoteAt(text, first);
  return quote === '' ? undefined : [first + quote.length, endOf(text, first, quote)];
}

function endOf(text: string, first: number, quote: string): number {
  const from = first + quote.length;
  for (let close = text.indexOf(']', from); close >= 0; close = text.indexOf(']', close + 1)) {
    let end = close;
    while (close - end <= maxBlanks && isBlank(text.charCodeAt(end - 1))) end--;
    end -= colourBefore(text, end) + quote.length;
    if (end >= from && text.startsWith(quote, end)) {
      return end;
    }
  }
  return text.length;
}

function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}
