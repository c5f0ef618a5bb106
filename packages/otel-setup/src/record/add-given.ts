// What a call was given and winston does not hand on: further arguments, and fields that its own names push out.

import { types } from 'node:util';
import { asLeft } from './as-left.ts';
import type { Draft } from './draft.ts';
import { hasMark, isError } from './error-facts.ts';
import { takenBy, tokensOf } from './fill-in.ts';
import { formOf } from './host-object.ts';
import { type Info, splatSymbol } from './info.ts';
import { scalarOf } from './scalar-object.ts';
import { hasField, isPlain, readField } from './unreadable.ts';

const maxFields = 1_000;

/**
 * A further object's fields stand beside those of the first; everything else is an item of
 * `winston.splat`. What `%s` and its like have put into the message is not told again.
 */
export function addGiven(draft: Draft, info: Info, given: readonly unknown[]): void {
  const [message, ...more] = given;
  const shown = isFilledIn(message, info.message) ? takenBy(message, more) : 0;
  const rest: unknown[] = [];
  for (const [i, value] of more.entries()) {
    if (i === 0 && addFirst(draft, message, value)) {
      continue;
    }
    if (i >= shown && !addFurther(draft, info, given, value)) {
      rest.push(asLeft(info, value, unspreadOf(given)));
    }
  }
  if (rest.length > 0) {
    draft.putSplat(rest[0] === more[0] ? message : undefined, rest);
  }
}

/** A format that has only put something before or around the text (label(), cli(), colorize()) has left its tokens. */
function isFilledIn(logged: unknown, message: unknown): boolean {
  return message !== logged && tokensOf(message).length < tokensOf(logged).length;
}

/**
 * The object whose fields winston has made the record's own although they do not tell what it is: the bytes of a
 * Buffer, the insides of a request, what a class hides by its `toJSON`.
 */
export function unspreadOf(given: readonly unknown[] | undefined): object | undefined {
  const first = given?.[1];
  if (!isObject(first) || isSpread(first)) {
    return undefined;
  }
  return tokensOf(given?.[0]).length === 0 ? first : undefined;
}

/** Fields that tell all of it: a plain object's, an Error's, those of an instance that has no other form. */
function isSpread(value: object): boolean {
  try {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null || Array.isArray(value)) {
      return true;
    }
    const isOther = types.isMap(value) || types.isSet(value) || ArrayBuffer.isView(value);
    const hasForm = typeof (value as { toJSON?: unknown }).toJSON === 'function' || isOther;
    return (
      isError(value) || !(hasForm || scalarOf(value, none) !== undefined || formOf(value) !== value)
    );
  } catch {
    // What cannot be asked is told field by field.
    return true;
  }
}

const none = (): number => 0;

/**
 * What was logged as the message. winston makes `[object Object] its message` of an object with an Error or a
 * `message` behind it, and `text [object Object]` where that message is an object.
 */
export function messageOf(info: Info, given: readonly unknown[] | undefined): unknown {
  const { message } = info;
  const [first, second] = given ?? [];
  if (typeof message !== 'string' || !isObject(second) || message === first) {
    return message;
  }
  const behind = readField(second, 'message');
  const isObjectIn = (isObject(first) && !isError(first)) || isObject(behind);
  return isObjectIn && message === joined(first, behind) ? first : message;
}

function joined(first: unknown, second: unknown): string | undefined {
  try {
    return `${first} ${second}`;
  } catch {
    // Then winston could not either.
    return undefined;
  }
}

function isTold(draft: Draft, value: unknown): boolean {
  return value === undefined || value === null || value === draft.error;
}

/** False, and nothing done, unless winston itself has made the fields of the first object the record's own, and they tell all of it. */
function addFirst(draft: Draft, message: unknown, first: unknown): boolean {
  if (!isObject(first) || tokensOf(message).length > 0 || !isSpread(first)) {
    return false;
  }
  // A text is a part of the message already.
  addOverlaid(draft, first, (text) => typeof text === 'string' && !isObject(message));
  return true;
}

/** False, and nothing done, for what must stand in `winston.splat`. */
function addFurther(draft: Draft, info: Info, given: readonly unknown[], value: unknown): boolean {
  if (isHandedOn(info, given, value)) {
    addOverlaid(draft, value, (text) => text === info.message);
    return true;
  }
  return isTold(draft, value) || addFields(draft, info, value);
}

/**
 * Whether splat() has laid a further object over the record: what a format behind it has masked, moved or left out then
 * stays so. A transport's own splat() takes the object out of winston's list, too, but leaves the record alone.
 */
function isHandedOn(info: Info, given: readonly unknown[], value: unknown): value is object {
  const left = info[splatSymbol];
  if (!Array.isArray(left) || left.includes(value) || !hasFields(value)) {
    return false;
  }
  const [message, first] = given;
  const tokens = tokensOf(message).length;
  if (tokens > 0) {
    return tokensOf(info.message).length < tokens;
  }
  const isOfFirst = (key: string) => isObject(first) && Object.hasOwn(first, key);
  return Object.keys(value).some((key) => Object.hasOwn(info, key) && !isOfFirst(key));
}

/** winston has made the object's fields the record's own, but for three. `isTold`: whether its message is in the record's. */
function addOverlaid(draft: Draft, value: object, isTold: (message: unknown) => boolean): void {
  const message = isError(value) ? undefined : readField(value, 'message');
  if (message !== undefined && !isTold(message)) {
    draft.putAny('meta.message', message);
  }
  const level = readField(value, 'level');
  if (level !== undefined && !hasMark(value)) {
    draft.putAny('meta.level', level);
  }
  if (hasField(value, '__proto__')) {
    draft.putAny('__proto__', readField(value, '__proto__'));
  }
}

/** False, and nothing done, for what has no fields, or one that is another value in the record. */
function addFields(draft: Draft, info: Info, value: unknown): boolean {
  if (!hasFields(value)) {
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
function hasFields(value: unknown): value is object {
  try {
    return isPlain(value) && Object.keys(value).length > 0;
  } catch {
    // A Proxy that does not tell its keys is told as a whole.
    return false;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
