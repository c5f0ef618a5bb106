// An object under a secret key, within a text, as JSON and util.inspect write it: `"secrets":{"db":"x"}`, `password: { value: 'x' }`.

import { valueKeys } from './secret-key.ts';

const quoted = `"(?:[^"\\\\]|\\\\.)*"|'(?:[^'\\\\]|\\\\.)*'`;
const key = `(?:${quoted}|[\\w$]+)`;
/** Of texts, plain values and lists of such; a text that was cut ends without its brace. */
const flatObject = new RegExp(
  `\\{\\s*(?:${key}\\s*:\\s*(?:${quoted}|[\\w.+-]+|\\[[^[\\]{}]{0,4096}\\])\\s*(?:,\\s*|(?=\\})|$)){1,256}(?:\\}|$)`,
  'y',
);
const textField = new RegExp(`(${key})(\\s*:\\s*)(${quoted})`, 'g');

/** Where the object ends, or -1. */
export function endOfObject(text: string, at: number): number {
  flatObject.lastIndex = at;
  return flatObject.test(text) ? flatObject.lastIndex : -1;
}

/** With `replace` for its secrets: all texts of a container (`secrets`, `cookies`), else those that are called a value. */
export function withoutFields(
  object: string,
  parent: string,
  replace: (value: string) => string,
): string {
  const isContainer = /(?:cookies|secrets|passwords|api[_-]?keys)$/i.test(parent);
  return object.replace(textField, (field, key: string, separator: string, text: string) => {
    const isSecret = isContainer || valueKeys.has(key.replace(/^["']|["']$/g, '').toLowerCase());
    return isSecret
      ? `${key}${separator}${text.charAt(0)}${replace(text.slice(1, -1))}${text.charAt(0)}`
      : field;
  });
}
