// A copy of an argument that winston can read and write without throwing.

import { isError } from './error-facts.ts';
import { readField, unreadable } from './unreadable.ts';

/** Anything but an object as it is; an Error as it is, too, unless it cannot be written to. */
export function readableCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  try {
    if (isError(value)) {
      return Object.isExtensible(value) ? value : copyOfError(value);
    }
    const copy: Record<string, unknown> = {};
    for (const key of Object.keys(value)) {
      // By definition, for a key `__proto__` is one like any other.
      Object.defineProperty(copy, key, {
        value: readField(value, key),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return copy;
  } catch (error) {
    return unreadable(error);
  }
}

function copyOfError(error: Error): Error {
  const { message, stack } = error;
  return Object.assign(Object.create(Object.getPrototypeOf(error)), error, { message, stack });
}
