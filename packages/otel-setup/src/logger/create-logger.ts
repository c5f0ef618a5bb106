// The winston logger that init() makes, and the application's own that it adopts.

import winston, { type Logger } from 'winston';
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
 * `%s` and its like. logform's splat runs only where there is something to fill in: without a token it
 * would lay the metadata's `level` and `message` over the record's own.
 */
function interpolation(): winston.Logform.Format {
  const splat = winston.format.splat();
  const format = {
    transform: (info: Info) => {
      const { message } = info;
      if (
        info[splatSymbol] === undefined ||
        typeof message !== 'string' ||
        !message.includes('%')
      ) {
        return info;
      }
      try {
        return splat.transform(info as never);
      } catch {
        // A value that cannot be turned into text leaves its token as it is.
        return info;
      }
    },
  };
  return format as unknown as winston.Logform.Format;
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
