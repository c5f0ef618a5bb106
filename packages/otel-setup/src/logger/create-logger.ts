// The winston logger that init() makes, and the application's own that it adopts.

import { format as formatText } from 'node:util';
import winston, { type Logger } from 'winston';
import { argumentsFor, tokensOf } from '../record/add-given.ts';
import { type Info, type Levels, splatSymbol } from '../record/info.ts';
import { captureWrites, gateLevels } from './capture.ts';
import { leadsToUs } from './globals.ts';
import { type Accept, OtelSetupTransport } from './transport.ts';

const messageSymbol: unique symbol = Symbol.for('message') as never;
const adoptedSymbol: unique symbol = Symbol.for('otel-setup.adopted') as never;

/**
 * A winston logger with npm's levels, no format that nobody reads, and `%s` interpolation. `print`
 * makes the line for its console; without it there is no console.
 */
export function createLogger(
  level: string,
  print: ((info: Info, levels: Levels) => string) | undefined,
): Logger {
  const logger = winston.createLogger({ level, format: interpolation() });
  if (print !== undefined) {
    const line = {
      transform: (info: Info) =>
        Object.assign(info, { [messageSymbol]: print(info, logger.levels) }),
    };
    logger.add(
      new winston.transports.Console({ format: line as unknown as winston.Logform.Format }),
    );
  }
  return logger;
}

/**
 * `%s` and its like, as logform's splat fills them in; it, however, would lay further arguments over the
 * record's own level, and take texts among them apart by their characters.
 */
function interpolation(): winston.Logform.Format {
  const format = {
    transform: (info: Info) => {
      const given = info[splatSymbol];
      if (given === undefined) {
        return info;
      }
      try {
        const { message } = info;
        if (typeof message !== 'string' || !message.includes('%')) {
          return info;
        }
        return filledIn(info, message, given);
      } catch {
        // A value that cannot be turned into text leaves its token as it is.
        return info;
      }
    },
  };
  return format as unknown as winston.Logform.Format;
}

function filledIn(info: Info, message: string, given: readonly unknown[]): Info {
  const count = argumentsFor(tokensOf(message));
  const filled = info as Record<string, unknown>;
  if (count > 0) {
    filled.message = formatText(message, ...given.slice(0, count));
  }
  for (const fields of given.slice(count)) {
    if (typeof fields === 'object' && fields !== null && !Array.isArray(fields)) {
      for (const [key, value] of Object.entries(fields)) {
        filled[key] = Object.hasOwn(filled, key) ? filled[key] : value;
      }
    }
  }
  return info;
}

/** Adds our transport to a logger; a second call changes nothing. */
export function adoptLogger(logger: Logger, accept: Accept): void {
  const marked = logger as Logger & { [adoptedSymbol]?: true };
  if (marked[adoptedSymbol] === true) {
    return;
  }
  Object.defineProperty(marked, adoptedSymbol, { value: true });
  const transport = new OtelSetupTransport(accept, logger.levels);
  removeDoubles(logger);
  logger.add(transport);
  captureWrites(logger, transport);
  gateLevels(logger);
  keepThroughConfigure(logger, transport);
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
  if (logger.transports.length === 0) {
    logger.silent = true;
  }
}

/** `configure()` throws all transports out; ours comes back with the new ones. */
function keepThroughConfigure(logger: Logger, transport: OtelSetupTransport): void {
  const configure = logger.configure;
  logger.configure = function configureKeeping(options): void {
    configure.call(this, options);
    removeDoubles(logger);
    if (!logger.transports.includes(transport)) {
      logger.add(transport);
    }
  };
}
