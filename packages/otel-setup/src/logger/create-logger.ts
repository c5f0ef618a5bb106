// The winston logger that init() makes, and the application's own that it adopts.

import winston, { type Logger } from 'winston';
import type { Info } from '../record/info.ts';
import { readableCopy } from '../record/readable-copy.ts';
import { adoptedSymbol, lineForAdded } from './added-line.ts';
import { captureWrites, gateLevels } from './capture.ts';
import { leadsToUs } from './globals.ts';
import { Interpolation } from './interpolation.ts';
import { createIsOnlyReader } from './only-reader.ts';
import { OwnConsole, type Print } from './own-console.ts';
import { createTakeCall } from './take-call.ts';
import { type Accept, type AcceptCall, OtelSetupTransport } from './transport.ts';

/**
 * A winston logger with npm's levels, no format that nobody reads, and `%s` interpolation. `print`
 * makes the line for its console; without it there is no console. `added` makes that of other transports.
 */
export function createLogger(
  level: string,
  print: Print | undefined,
  added: Print['info'],
): Logger {
  const giveLine = (info: Info): Info => lineForAdded(logger, info, added);
  const logger: Logger = winston.createLogger({
    level,
    format: new Interpolation(giveLine) as unknown as winston.Logform.Format,
  });
  if (print !== undefined) {
    new OwnConsole(logger, print);
  }
  return logger;
}

/** Adds our transport to a logger; a second call puts it back where somebody has removed it. */
export function adoptLogger(logger: Logger, accept: Accept, acceptCall?: AcceptCall): void {
  const marked = logger as Logger & { [adoptedSymbol]?: OtelSetupTransport };
  const known = marked[adoptedSymbol];
  if (known !== undefined) {
    addOnce(logger, known);
    return;
  }
  const transport = new OtelSetupTransport(accept, logger.levels, acceptCall);
  Object.defineProperty(marked, adoptedSymbol, { value: transport });
  removeDoubles(logger);
  logger.add(transport);
  const isOnlyReader = createIsOnlyReader(logger);
  captureWrites(logger, transport, isOnlyReader);
  gateLevels(logger, acceptCall && createTakeCall(logger, transport, isOnlyReader));
  readChildFields(logger);
  keep(logger, transport);
}

function addOnce(logger: Logger, transport: OtelSetupTransport): void {
  if (!logger.transports.includes(transport)) {
    logger.add(transport);
  }
}

/**
 * instrumentation-winston puts OpenTelemetry's transport into every logger it sees. Where that one
 * would lead to our provider, each record would arrive twice: by it and by ours.
 */
function removeDoubles(logger: Logger): void {
  for (const transport of [...logger.transports]) {
    if (transport.constructor.name === 'OpenTelemetryTransportV3' && leadsToUs()) {
      logger.remove(transport);
    }
  }
}

/** For a logger that prints nowhere and sends nothing: winston would complain at each call. */
export function leaveAlone(logger: Logger): void {
  captureWrites(logger, undefined);
  gateLevels(logger);
  readChildFields(logger);
  if (logger.transports.length === 0) {
    logger.silent = true;
  }
}

/** winston reads a child's fields at each of its calls, and would throw into the application where it cannot. */
function readChildFields(logger: Logger): void {
  const { child } = logger;
  logger.child = function childOfReadable(fields): Logger {
    return child.call(this, readable(fields));
  };
}

/** The fields themselves, or a copy of what can be read of them. */
function readable(fields: object): object {
  try {
    Object.assign({}, fields);
    return fields;
  } catch {
    const copy = readableCopy(fields);
    return typeof copy === 'object' && copy !== null ? copy : { 'otel_setup.child': copy };
  }
}

/**
 * `configure()` and `clear()` throw all transports out, to put others in their place: ours comes back
 * with them. `remove()` of ours is taken at its word.
 */
function keep(logger: Logger, transport: OtelSetupTransport): void {
  const { clear, configure } = logger;
  let isConfiguring = false;
  logger.configure = function configureKeeping(options): void {
    isConfiguring = true;
    try {
      configure.call(this, options);
    } finally {
      isConfiguring = false;
    }
    removeDoubles(logger);
    addOnce(logger, transport);
  };
  logger.clear = function clearKeeping(): Logger {
    // Of a child's own, winston would take out the list and leave the transports listening.
    clear.call(logger);
    if (!isConfiguring) {
      addOnce(logger, transport);
    }
    return this;
  };
}
