// Hot path: runs on the caller's thread for every record.
// What is put in front of a logger's own methods: the context of the call, and a cheap no.

import type { Logger } from 'winston';
import { type Info, levelSymbol } from '../record/info.ts';
import { soon } from '../world.ts';
import { type Calls, callSafely, callsOf, type Method } from './call-safely.ts';
import { openLogContext } from './log-context.ts';
import { createIsOnlyReader, type IsOnlyReader } from './only-reader.ts';
import { createShortCall } from './short-call.ts';
import { stamp, unstamp } from './stamp.ts';
import type { TakeCall } from './take-call.ts';
import { type FormatLike, formatted, type OtelSetupTransport } from './transport.ts';

type Methods = Record<string, Method | undefined>;

interface StreamState {
  readonly writableLength: number;
  readonly readableLength: number;
  /** False while the pipe waits for a transport. */
  readonly readableFlowing: boolean | null;
}

/**
 * Wraps `logger.write`, through which everything comes: children, profilers, exceptions. Each info
 * gets the context of its call, and one that a stalled sibling transport holds up is taken at once.
 */
export function captureWrites(
  logger: Logger,
  transport: OtelSetupTransport | undefined,
  isOnlyReader: IsOnlyReader = createIsOnlyReader(logger),
): void {
  const write = inner(logger, 'write');
  const calls = callsOf(logger);
  const logContext = openLogContext();
  const isTaken = (info: Info, count: number): boolean => {
    if (transport === undefined || count !== 1) {
      return false;
    }
    const isDirect = takeDirectly(logger, transport, info, isOnlyReader);
    if (isDirect) calls.written++;
    return isDirect;
  };
  function handWritten(this: unknown, ...args: unknown[]): unknown {
    const hand = (): unknown => {
      // Not before: a call whose info cannot be read is made again with copies.
      calls.written++;
      return write().apply(this, args);
    };
    return transport === undefined ? hand() : handOn(logger, transport, args[0] as Info, hand);
  }
  /** The application's own object, as winston hands it on: of ours nothing stays on it. */
  function writeTheirs(this: unknown, ...args: unknown[]): unknown {
    const info = args[0] as Info;
    try {
      return isTaken(info, args.length) || handWritten.apply(this, args);
    } finally {
      // What waits in the logger's buffers is still to be read.
      if (!isHeldUp(logger)) unstamp(info);
    }
  }
  // Arguments that are only looked at and passed on are never made an array.
  (logger as unknown as Methods).write = function capturedWrite(this: unknown, ...args): unknown {
    const info = args[0] as Info;
    const { given } = calls;
    stamp(info, given, transport, logContext);
    if (given?.[0] === info) {
      return writeTheirs.apply(this, args);
    }
    return isTaken(info, args.length) || handWritten.apply(this, args);
  };
}

/** By winston's own way; a record that a transport holds up, or that costs it an exception, is taken at once. */
function handOn(
  logger: Logger,
  transport: OtelSetupTransport,
  info: Info,
  hand: () => unknown,
): unknown {
  // Before the write: a format that copies takes the mark along.
  const isEarly = isHeldUp(logger);
  if (isEarly) {
    takeEarly(logger, transport, info);
  }
  const before = transport.seen;
  let returned = false;
  try {
    const result = hand();
    returned = true;
    return result;
  } finally {
    if (!isEarly && transport.seen === before && (!returned || isHeldUp(logger))) {
      takeEarly(logger, transport, info);
    }
  }
}

/**
 * While ours is the only transport, the way through winston's two streams (0.6 us a record, measured)
 * is cut short: the same format, the same transport, no buffer in between. False: not taken.
 */
function takeDirectly(
  logger: Logger,
  transport: OtelSetupTransport,
  info: Info,
  isOnlyReader: IsOnlyReader,
): boolean {
  const { levels, silent, format } = logger;
  if (silent || typeof info !== 'object' || info === null) {
    return false;
  }
  const level = info[levelSymbol];
  if (level === undefined || levels[level] === undefined || !isOnlyReader(transport)) {
    return false;
  }
  transport.take(formatted(format as unknown as FormatLike, info));
  return true;
}

/** The method beneath ours, looked up each time: others patch the prototype after us. */
function inner(logger: Logger, name: string): () => Method {
  const own = Object.hasOwn(logger, name) ? (logger as unknown as Methods)[name] : undefined;
  const prototype = Object.getPrototypeOf(logger) as Methods;
  return () => own ?? (prototype[name] as Method);
}

/** What is written now will wait in the logger's buffers. */
function isHeldUp(logger: Logger): boolean {
  const state = logger as unknown as StreamState;
  return state.readableFlowing === false || state.readableLength > 0 || state.writableLength > 0;
}

/** A stream that the application has piped the logger into: no level holds for it. */
function isForeign(target: {
  readonly log?: unknown;
  readonly handleExceptions?: unknown;
}): boolean {
  return typeof target.log !== 'function' && target.handleExceptions !== true;
}

function takeEarly(logger: Logger, transport: OtelSetupTransport, info: Info): void {
  if (!logger.silent && typeof info === 'object' && info !== null) {
    transport.takeEarly(info, logger.format as unknown as FormatLike | undefined);
  }
}

/**
 * Puts a check before each level's method: winston itself asks for the level only after the format
 * (1.8 to 2.0 us for a disabled call, measured; with this less than 0.1).
 */
export function gateLevels(logger: Logger, takeCall?: TakeCall): void {
  const [first] = Object.keys(logger.levels);
  if (first !== undefined && typeof (logger as unknown as Methods)[first] !== 'function') {
    // The logger is still being constructed; winston adds its level methods at the end.
    soon(() => gateMethods(logger, takeCall));
  } else {
    gateMethods(logger, takeCall);
  }
}

function gateMethods(logger: Logger, takeCall: TakeCall | undefined): void {
  const methods = logger as unknown as Methods;
  const calls = callsOf(logger);
  const gatedLog = gateLog(logger, calls);
  for (const level of Object.keys(logger.levels)) {
    const name = level;
    if (name === 'log' || typeof methods[name] !== 'function') {
      continue;
    }
    const method = inner(logger, name);
    const shortCall = createShortCall(logger, name, gatedLog, takeCall);
    function call(this: unknown, ...args: unknown[]): unknown {
      return callSafely(method(), this, args, calls, 0);
    }
    // Arguments that are only looked at and passed on are never made an array.
    methods[name] = function gated(this: unknown, ...args): unknown {
      const self = this ?? logger;
      if (!isEnabled(logger, level)) {
        return self;
      }
      const isOuter = calls.given === undefined;
      if (isOuter && args.length <= 2 && shortCall(self, args.length, args[0], args[1])) {
        return self;
      }
      return call.apply(self, args);
    };
  }
  methods.log = gatedLog;
}

function gateLog(logger: Logger, calls: Calls): Method {
  const log = inner(logger, 'log');
  function call(this: unknown, ...args: unknown[]): unknown {
    return callSafely(log(), this, args, calls, typeof args[0] === 'string' ? 1 : 0);
  }
  return function gatedLog(this: unknown, ...args): unknown {
    const level = args[0];
    const known = typeof level === 'string' && logger.levels[level] !== undefined;
    if (known && !isEnabled(logger, level)) {
      return this ?? logger;
    }
    return call.apply(this ?? logger, args);
  };
}

/** winston's own rule, without a call of it: most of what is asked for here is a debug record that nobody wants. */
function isEnabled(logger: Logger, level: string): boolean {
  const { levels } = logger;
  const rank = levels[level];
  const limit = levels[logger.level];
  // A level that the logger does not know limits nothing here: each transport asks for itself.
  if (limit === undefined || (rank !== undefined && rank <= limit)) {
    return true;
  }
  const { transports } = logger;
  for (const transport of transports) {
    const own = levels[transport.level ?? ''];
    if (own === undefined ? isForeign(transport) : rank !== undefined && rank <= own) {
      return true;
    }
  }
  // Somebody reads the logger's stream itself: below the level, too.
  return logger.listenerCount('data') > transports.length;
}
