// What a call was given and winston does not hand on: further arguments, and fields that its own names push out.

import type { Draft } from './draft.ts';
import { isError } from './error-facts.ts';
import type { Info } from './info.ts';
import { readField } from './unreadable.ts';

/** As in winston's own splat format. */
const tokenPattern = /%[scdjifoO%]/g;
const maxFields = 1_000;

/**
 * A further object's fields stand beside those of the first; everything else is an item of
 * `winston.splat`. What `%s` and its like have put into the message is not told again.
 */
export function addGiven(draft: Draft, info: Info, given: readonly unknown[]): void {
  const [message, ...more] = given;
  const tokens = tokensOf(message);
  const shown = info.message === message ? 0 : argumentsFor(tokens);
  const rest: unknown[] = [];
  for (const [i, value] of more.entries()) {
    if (i === 0 && tokens.length === 0 && isObject(value)) {
      addOverlaid(draft, value);
    } else if (i >= shown && !isTold(draft, value) && !addFields(draft, info, value)) {
      rest.push(value);
    }
  }
  if (rest.length > 0) {
    draft.putSplat(rest[0] === more[0] ? message : undefined, rest);
  }
}

export function tokensOf(message: unknown): readonly string[] {
  return typeof message === 'string' ? (message.match(tokenPattern) ?? []) : [];
}

/** How many arguments the tokens take. */
export function argumentsFor(tokens: readonly string[]): number {
  return tokens.filter((token) => token !== '%%').length;
}

function isTold(draft: Draft, value: unknown): boolean {
  return value === undefined || value === null || value === draft.error;
}

/** winston has made the first object's fields the record's own, but for two. */
function addOverlaid(draft: Draft, first: object): void {
  const level = readField(first, 'level');
  if (level !== undefined && !isError(first)) {
    draft.putAny('meta.level', level);
  }
  if (Object.hasOwn(first, '__proto__')) {
    draft.putAny('__proto__', readField(first, '__proto__'));
  }
}

/** False, and nothing done, for what has no fields, or one that is another value in the record. */
function addFields(draft: Draft, info: Info, value: unknown): boolean {
  if (!isObject(value) || !hasFields(value)) {
    return false;
  }
  const fields = Object.keys(value).map((key) => [key, readField(value, key)] as const);
  const fresh = fields.filter(([key]) => !Object.hasOwn(info, key));
  const isFree = fields.every(([key, field]) => field === info[key] || !Object.hasOwn(info, key));
  if (!isFree || fields.length > maxFields) {
    return false;
  }
  for (const [key, field] of fresh) {
    draft.putAny(key, field);
  }
  return true;
}

/** A plain object with some. */
function hasFields(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = prototype === Object.prototype || prototype === null;
  return isPlain && Object.keys(value).length > 0;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
