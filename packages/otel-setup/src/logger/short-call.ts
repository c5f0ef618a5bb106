// Hot path: runs on the caller's thread for every record.
// The commonest call, `logger.info('text', { fields })`, without winston's detour: the same info, made at once.

import type { Logger } from 'winston';
import { type Info, infoOfCall } from '../record/info.ts';
import type { TakeCall } from './take-call.ts';

type Method = (this: unknown, ...args: never[]) => unknown;
type Fields = Record<string, unknown>;
type Methods = Record<string, Method | undefined>;

const noFields = {};
const leaveCall: TakeCall = (_self, _level, _text, fields) => fields;

interface Self {
  readonly defaultMeta?: object | null;
  log: unknown;
  write(info: object): unknown;
}

/** Makes and writes the info of a call; false where winston itself must do it, and nothing was written. */
export type ShortCall = (self: unknown, count: number, message: unknown, meta: unknown) => boolean;

/**
 * For one level of `logger`, whose `log` method will be `gatedLog`. winston's way there costs 0.6 us a record (measured): two calls with spread
 * arguments, a search by regular expression, Object.assign of three sources. It is cut short only while
 * both methods beneath ours are winston's own and nobody has wrapped them.
 */
export function createShortCall(
  logger: Logger,
  level: string,
  gatedLog: unknown,
  takeCall: TakeCall = leaveCall,
): ShortCall {
  const prototype = Object.getPrototypeOf(logger) as Methods;
  const own = logger as unknown as Methods;
  const method = prototype[level];
  const log = prototype.log;
  const isKnown =
    !Object.hasOwn(own, level) &&
    !Object.hasOwn(own, 'log') &&
    hasText(method, 'return self.log(level, ...args);') &&
    hasText(log, 'Object.assign({}, this.defaultMeta, meta, {');
  if (!isKnown) {
    return () => false;
  }
  const isUnchanged = (self: Self): boolean =>
    prototype[level] === method && prototype.log === log && self.log === gatedLog;
  return (given, count, message, meta) => {
    const self = given as Self;
    if (typeof message !== 'string' || !isUnchanged(self)) {
      return false;
    }
    if (count === 1) {
      return takeCall(self, level, message, noFields) === undefined;
    }
    if (count !== 2 || message.includes('%') || !isPlainMeta(meta)) {
      return false;
    }
    const left = takeCall(self, level, message, meta);
    if (left === undefined) {
      return true;
    }
    const info = infoOf(level, message, left, self.defaultMeta);
    if (info === undefined) {
      return false;
    }
    self.write(info);
    return true;
  };
}

/** A wrapper that somebody put around it has another text, and so has another version of winston. */
function hasText(method: Method | undefined, text: string): boolean {
  return typeof method === 'function' && Function.prototype.toString.call(method).includes(text);
}

/** Not so: all that winston treats in a way of its own. */
function isPlainMeta(meta: unknown): meta is Fields {
  if (!isObject(meta)) {
    return false;
  }
  try {
    const prototype: unknown = Object.getPrototypeOf(meta);
    // A Map, a Buffer, an instance of a class: what is told of it is not what winston copies out of it.
    if (prototype !== Object.prototype && prototype !== null) {
      return false;
    }
    if (meta.message !== undefined || meta.stack || meta.cause || meta.level !== undefined) {
      return false;
    }
    return !Object.hasOwn(meta, '__proto__');
  } catch {
    // A getter that throws: the long way knows what to do.
    return false;
  }
}

export function infoOf(...call: Parameters<typeof infoOfCall>): Info | undefined {
  try {
    return infoOfCall(...call);
  } catch {
    // A getter that throws: the long way knows what to do.
    return undefined;
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
