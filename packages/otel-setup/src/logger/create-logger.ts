// The winston logger that init() makes, and the application's own that it adopts.

import winston, { type Logger } from 'winston';
import { type Info, type Levels, splatSymbol } from '../record/info.ts';
import { captureWrites, gateLevels } from './capture.ts';
import { type Accept, OtelSetupTransport } from './transport.ts';

const messageSymbol: unique symbol = Symbol.for('message') as never;
const adoptedSymbol: unique symbol = Symbol.for('otel-setup.adopted') as never;

export interface LoggerSettings {
  readonly level: string;
  /** The line for the console; undefined: no console. */
  readonly print: ((info: Info, levels: Levels) => string) | undefined;
  /** Where records go besides the console; undefined on route `none`. */
  readonly accept: Accept | undefined;
}

/** A winston logger with npm's levels, no format that nobody reads, and `%s` interpolation. */
export function createLogger(settings: LoggerSettings): Logger {
  const { level, print, accept } = settings;
  const format = interpolation();
  const logger = winston.createLogger({
    level,
    format: format as unknown as winston.Logform.Format,
  });
  if (accept !== undefined) {
    attach(logger, accept);
  } else {
    gateLevels(logger);
  }
  if (print !== undefined) {
    const line = {
      transform: (info: Info) =>
        Object.assign(info, { [messageSymbol]: print(info, logger.levels) }),
    };
    logger.add(
      new winston.transports.Console({ format: line as unknown as winston.Logform.Format }),
    );
  } else if (accept === undefined) {
    logger.silent = true;
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

/** Adds our transport to the application's logger, first in line; a second call changes nothing. */
export function adoptLogger(logger: Logger, accept: Accept): void {
  attach(logger, accept);
}

function attach(logger: Logger, accept: Accept): void {
  const marked = logger as Logger & { [adoptedSymbol]?: true };
  if (marked[adoptedSymbol] === true) {
    return;
  }
  Object.defineProperty(marked, adoptedSymbol, { value: true });
  const transport = new OtelSetupTransport(accept, logger.levels);
  logger.add(transport);
  captureWrites(logger, transport);
  gateLevels(logger);
  keepThroughConfigure(logger, transport);
}

/** `configure()` throws all transports out; ours comes back with the new ones. */
function keepThroughConfigure(logger: Logger, transport: OtelSetupTransport): void {
  const configure = logger.configure;
  logger.configure = function configureKeeping(options): void {
    configure.call(this, options);
    if (!logger.transports.includes(transport)) {
      logger.add(transport);
    }
  };
}
