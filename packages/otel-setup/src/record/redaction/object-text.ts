// An object in JSON under a secret key, within a text: `"secrets":{"db":"x"}`, `"password":{"value":"x"}`.

import { valueKeys } from './secret-key.ts';

/** Of texts, plain values and lists of such; a text that was cut ends without its brace. */
const flatObject =
  /\{\s*(?:"(?:[^"\\]|\\.)*"\s*:\s*(?:"(?:[^"\\]|\\.)*"|[\w.+-]+|\[[^[\]{}]{0,4096}\])\s*,?\s*){1,256}(?:\}|$)/y;
const textField = /("((?:[^"\\]|\\.)*)"\s*:\s*")((?:[^"\\]|\\.)*)(?=")/g;

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
  return object.replace(textField, (field, before: string, key: string, value: string) =>
    isContainer || valueKeys.has(key.toLowerCase()) ? before + replace(value) : field,
  );
}
