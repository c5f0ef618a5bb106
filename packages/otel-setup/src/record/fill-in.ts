// `%s` and its like in a message, filled in as util.format does, but for what is no argument of theirs.

import { format } from 'node:util';
import { isPlain } from './unreadable.ts';

/** As in winston's own splat format. */
const tokenPattern = /%[scdjifoO%]/g;

export function tokensOf(message: unknown): readonly string[] {
  return typeof message === 'string' ? (message.match(tokenPattern) ?? []) : [];
}

/**
 * The text, and how many arguments it has taken. A plain object is taken by `%j`, `%o` and `%O` only: in
 * `GET /caf%c3%a9`, `50%done` and `LIKE '%smith%'` the `%` is a part of the text, and the object behind it
 * holds fields.
 */
export function fillIn(
  message: string,
  given: readonly unknown[],
): { text: string; count: number } {
  let count = 0;
  const text = message.replace(tokenPattern, (token) => {
    if (token === '%%') {
      return '%';
    }
    if (count >= given.length || isLeft(token, given[count])) {
      return token;
    }
    return format(token, given[count++]);
  });
  return { text, count };
}

/** How many of the arguments behind it a message has taken. */
export function takenBy(message: unknown, given: readonly unknown[]): number {
  const tokens = tokensOf(message).filter((token) => token !== '%%');
  let count = 0;
  for (const token of tokens) {
    if (count < given.length && !isLeft(token, given[count])) {
      count++;
    }
  }
  return count;
}

function isLeft(token: string, value: unknown): boolean {
  return 'scdif'.includes(token[1] ?? '') && isPlain(value);
}
