// The Error that a record is about, wherever the call put it.

import { isError, isErrorLike } from './error-facts.ts';
import { type Info, splatSymbol } from './info.ts';
import { isPlain, readField } from './unreadable.ts';

const maxFields = 1_000;

/** Undefined where it can only stand in a field, or was copied into a plain object. */
export function errorOf(info: Info, given: readonly unknown[] | undefined): Error | undefined {
  if (isError(info)) {
    return info;
  }
  const { message } = info;
  if (typeof message === 'object' && message !== null) {
    return isErrorLike(message) ? message : errorIn(message);
  }
  if (given !== undefined) {
    return given.find(isError);
  }
  const first = info[splatSymbol]?.[0];
  return isError(first) ? first : undefined;
}

/** `logger.error({ err })`: winston takes the whole object for the message. */
function errorIn(message: object): Error | undefined {
  try {
    // Bytes hold none, and their ten million keys would take a second.
    if (ArrayBuffer.isView(message)) {
      return undefined;
    }
    let count = 0;
    for (const key in message) {
      const value = (message as Record<string, unknown>)[key];
      if (++count > maxFields || (isError(value) && Object.hasOwn(message, key))) {
        return isError(value) && count <= maxFields ? value : undefined;
      }
    }
    return undefined;
  } catch {
    // A getter that throws: rendered as any other object.
    return undefined;
  }
}

/** express-winston puts winston's exception record into a field. */
export function withoutArgvIn(meta: unknown): unknown {
  if (!isPlain(meta) || readField(meta, 'exception') !== true) {
    return meta;
  }
  try {
    const { process, ...rest } = meta as { process?: unknown };
    return { ...rest, process: withoutArgv(process) };
  } catch {
    // A getter that throws: rendered field by field.
    return meta;
  }
}

/** What winston tells of the process, or whatever else stands there. */
export function withoutArgv(value: unknown): unknown {
  try {
    const { argv, ...rest } = value as { argv?: unknown };
    return argv === undefined ? value : rest;
  } catch {
    return value;
  }
}
