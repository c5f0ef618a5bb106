// A copy of an argument that winston can read and write without throwing.

import { isError } from './error-facts.ts';
import { readField, readText, unreadable } from './unreadable.ts';

/** Anything but an object as it is; an Error as it is, too, unless it cannot be written to. */
export function readableCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  try {
    if (isError(value)) {
      return isUsable(value) ? value : copyOfError(value);
    }
    const copy: Record<string, unknown> = {};
    copyFields(value, copy);
    return copy;
  } catch (error) {
    return unreadable(error);
  }
}

function copyFields(from: object, to: object): void {
  for (const key of Object.keys(from)) {
    define(to, key, readField(from, key), true);
  }
}

/** By definition, for a key `__proto__` is one like any other. */
function define(copy: object, key: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(copy, key, { value, enumerable, configurable: true, writable: true });
}

/** Whether winston can write to it, and read of it what it reads. */
function isUsable(error: Error): boolean {
  try {
    const { message: _message, stack: _stack, cause: _cause } = error;
    Object.assign({}, error);
    return Object.isExtensible(error);
  } catch {
    return false;
  }
}

/** What every Error has is not enumerable: splat() would lay it over the record. */
function copyOfError(error: Error): Error {
  const copy: Error = Object.create(Object.getPrototypeOf(error));
  copyFields(error, copy);
  define(copy, 'message', readText(error, 'message'), false);
  define(copy, 'stack', readText(error, 'stack'), false);
  const cause = readField(error, 'cause');
  if (cause !== undefined) {
    define(copy, 'cause', cause, false);
  }
  return copy;
}
