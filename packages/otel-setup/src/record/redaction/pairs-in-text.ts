// Secrets that a text names beside them: `"--token","x"`, the entries of headers, `"name":"DB_PASSWORD","value":"x"`.

import { closingQuote } from './assigned-value.ts';
import { maybeColour } from './colour.ts';
import type { RawList } from './raw-list.ts';

const entry = new RegExp(
  `(?:["'])([\\w.$-]{1,80})\\\\{0,7}["']${maybeColour}\\s{0,3},\\s{0,16}${maybeColour}(\\\\{0,7}["'])$`,
);
const named = new RegExp(
  `(?:^|[\\s{,("'\\\\-])(?:name|key|header|field)\\\\{0,7}["']?\\s{0,2}:\\s{0,2}${maybeColour}\\\\{0,7}["']?([\\w.$-]{1,80})\\\\{0,7}["']?${maybeColour}(?:,|\\\\[nr]|\\s){1,20}\\\\{0,7}["']?$`,
  'i',
);
const beforePair = new RegExp(`[[,]\\s{0,16}\\[\\s{0,16}${maybeColour}\\\\{0,7}$`);
/** `%o` shows the length. */
const behindPair = new RegExp(
  `\\\\{0,7}["']${maybeColour}\\s{0,16}(?:,\\s{0,16}\\[length\\]: ${maybeColour}2${maybeColour}\\s{0,16})?\\]`,
  'y',
);

/** The text of a list whose quote ends at `end`, where the text before it names it. */
export function entryAt(
  text: string,
  end: number,
  isSecretKey: (key: string) => boolean,
  rawList: RawList,
): { readonly from: number; readonly to: number } | undefined {
  const [whole = '', key = '', quote = ''] =
    entry.exec(text.slice(Math.max(0, end - 140), end)) ?? [];
  if (key === '' || !isSecretKey(key)) {
    return undefined;
  }
  const close = closingQuote(text, end, quote);
  const to = close < 0 ? text.length : close;
  const isFlag = key.startsWith('-') && text[end] !== '-';
  const isEntry = isFlag || isPair(text, end - whole.length, to) || rawList.has(text, end - 1);
  return isEntry ? { from: end, to } : undefined;
}

/** `["host","a"],["x-api-key","x"]` */
function isPair(text: string, at: number, to: number): boolean {
  behindPair.lastIndex = to;
  return behindPair.test(text) && beforePair.test(text.slice(Math.max(0, at - 40), at));
}

/** Whether the field before the one at `keyStart` gives it the name of a secret. */
export function isNamedSecret(
  text: string,
  keyStart: number,
  isSecretKey: (key: string) => boolean,
): boolean {
  const name = named.exec(text.slice(Math.max(0, keyStart - 150), keyStart))?.[1];
  return name !== undefined && isSecretKey(name);
}
