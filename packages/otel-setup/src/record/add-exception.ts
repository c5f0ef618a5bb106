// Puts the Error that a record is about into OpenTelemetry's exception attributes, once.

import type { Draft } from './draft.ts';
import { causeOf, extraFields, isErrorLike, isStack } from './error-facts.ts';
import { exceptionOf } from './exception.ts';
import type { Info } from './info.ts';
import { readField, readText } from './unreadable.ts';

export function addException(draft: Draft, info: Info): void {
  const error = draft.error ?? copiedError(draft);
  if (error === undefined) {
    return;
  }
  const exception = exceptionOf(error, (value) => draft.renderClean(value));
  // What winston and its formats have copied out of the Error is in exception.*; a second copy would be billed.
  if (readField(info, 'stack') === readField(error, 'stack')) {
    drop(draft, 'stack');
  }
  if (draft.errorKey === undefined && draft.error !== undefined) {
    remove(draft, 'name', exception.type);
  }
  draft.put('exception.type', exception.type);
  draft.put('exception.message', exception.message);
  draft.put('exception.stacktrace', exception.stacktrace);
  addFields(draft, info, error);
}

/** What is left of an Error that winston or a format has copied into a plain object. */
function copiedError(draft: Draft): Error | undefined {
  const stack = draft.values[indexOf(draft, 'stack')];
  const message = typeof draft.body === 'string' ? draft.body : '';
  return isStack(stack) ? { name: '', message, stack, cause: draft.copiedCause } : undefined;
}

/** The Error's own fields: under the key it stood at, else beside the others. */
function addFields(draft: Draft, info: Info, error: Error): void {
  const fields = extraFields(error);
  const cause = causeOf(error);
  if (cause !== undefined && !isErrorLike(cause)) {
    fields.cause = cause;
  }
  const keys = Object.keys(fields);
  if (draft.errorKey !== undefined) {
    draft.putAny(draft.errorKey, keys.length > 0 ? error : readText(error, 'message'));
    if (draft.copiedCause !== undefined) {
      draft.putAny('cause', draft.copiedCause);
    }
    return;
  }
  if (draft.error === undefined) {
    return;
  }
  for (const key of keys) {
    if (!Object.prototype.propertyIsEnumerable.call(info, key)) {
      draft.putAny(key, fields[key]);
    }
  }
}

function indexOf(draft: Draft, key: string): number {
  return draft.keys.findIndex((sent) => sent.key === key);
}

function drop(draft: Draft, key: string): void {
  const index = indexOf(draft, key);
  if (index >= 0) {
    draft.keys.splice(index, 1);
    draft.values.splice(index, 1);
  }
}

/** An attribute that has this very value. */
function remove(draft: Draft, key: string, value: string): void {
  if (draft.values[indexOf(draft, key)] === value) {
    drop(draft, key);
  }
}
