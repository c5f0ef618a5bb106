// Hot path: runs on the caller's thread for every record that winston itself makes.
// A call of winston's own method, which must not throw into the application.

import type { Logger } from 'winston';
import { levelSymbol } from '../record/info.ts';
import { readableCopy } from '../record/readable-copy.ts';
import { errorText } from '../record/unreadable.ts';

export type Method = (this: unknown, ...args: unknown[]) => unknown;

/**
 * winston reads and writes its arguments before it hands anything on, and throws into the application
 * where it cannot: a frozen object, a getter that throws, a revoked Proxy. Such a call is made again
 * with copies; one whose record was handed on already is not.
 */
export function callSafely(
  method: Method,
  self: unknown,
  args: unknown[],
  calls: Calls,
  levels: number,
): unknown {
  const { written, given } = calls;
  try {
    calls.given = givenOf(args, levels);
    return method.apply(self, args);
  } catch (error) {
    if (calls.written !== written) {
      throw error;
    }
    return callWithCopies(method, self as Logger, args.map(readableCopy), calls, levels);
  } finally {
    calls.given = given;
    // A getter that logs: what it has written is no write of the call that reads it.
    calls.written = written;
  }
}

function callWithCopies(
  method: Method,
  self: Logger,
  copies: unknown[],
  calls: Calls,
  levels: number,
): unknown {
  const { written } = calls;
  try {
    calls.given = givenOf(copies, levels);
    return method.apply(self, copies);
  } catch (error) {
    if (calls.written !== written) {
      throw error;
    }
    // Not even a call: `logger.log('info')`.
    const [first] = copies;
    const isLevel = typeof first === 'string' && Object.hasOwn(self.levels, first);
    const level = isLevel ? first : self.level;
    self.write({ level, message: `[unreadable call: ${errorText(error)}]`, [levelSymbol]: level });
    return self;
  }
}

/** What was logged, behind the name of the level; undefined for a text alone, which winston hands on whole. */
function givenOf(args: readonly unknown[], levels: number): readonly unknown[] | undefined {
  const isText = args.length === levels + 1 && typeof args[levels] !== 'object';
  return isText ? undefined : args.slice(levels);
}

/** Kept on a logger: its children and later wrappers share them. */
export interface Calls {
  /** Writes begun. */
  written: number;
  /** The arguments of the call that is being made. */
  given: readonly unknown[] | undefined;
}

const callsSymbol: unique symbol = Symbol('otel-setup.calls');

export function callsOf(logger: Logger): Calls {
  const holder = logger as Logger & { [callsSymbol]?: Calls };
  if (holder[callsSymbol] === undefined) {
    Object.defineProperty(holder, callsSymbol, { value: { written: 0, given: undefined } });
  }
  return holder[callsSymbol] as Calls;
}
