// Hot path: runs on the caller's thread for every record.
// The console of the logger that init() makes.

import winston, { type Logger } from 'winston';
import { type Info, type Levels, levelSymbol, type SharedFields } from '../record/info.ts';

export const messageSymbol: unique symbol = Symbol.for('message') as never;
const ownSymbol: unique symbol = Symbol('otel-setup.console');

/** What the console shows of a record. */
export interface Print {
  /** The line of an info. */
  info(info: Info, levels: Levels): string;
  /** The line of a plain call: all fields are texts, finite numbers, booleans, null or undefined, and none is secret. */
  readonly call: ((level: string, text: string, fields: Info) => string) | undefined;
  /** What the records of the present request have in common: for a plain call they are among its fields. */
  readonly shared?: () => SharedFields | undefined;
}

type Transport = winston.transports.ConsoleTransportInstance;

interface Insides {
  readonly log: unknown;
  readonly write: unknown;
  readonly _write: unknown;
  readonly format?: unknown;
  readonly level?: unknown;
  readonly silent?: unknown;
  readonly forceConsole: unknown;
  readonly stderrLevels: Readonly<Record<string, unknown>>;
  readonly consoleWarnLevels: Readonly<Record<string, unknown>>;
}

export class OwnConsole {
  readonly transport: Transport = new winston.transports.Console();
  readonly #logger: Logger;
  readonly #print: Print;
  /** What was made here, and not yet wrapped by anybody. */
  readonly #own: Pick<Insides, 'log' | 'write' | '_write'>;

  constructor(logger: Logger, print: Print) {
    this.#logger = logger;
    this.#print = print;
    const { transport } = this;
    const { log } = transport;
    const write = (line: string): void => this.#write(line);
    const isBare = (level: string | undefined): boolean => this.#isBare(level);
    transport.log = function logLine(info: Info, next: () => void): void {
      // Somebody has given it a format of their own.
      const line = this.format ? undefined : print.info(info, logger.levels);
      if (line !== undefined && isBare(info[levelSymbol])) {
        write(line);
        next();
        return;
      }
      log?.call(this, line === undefined ? info : withLine(info, line), next);
    };
    this.#own = { log: transport.log, write: transport.write, _write: transport._write };
    Object.defineProperty(logger, ownSymbol, { value: this });
    logger.add(transport);
  }

  /** Whether a plain call of this level may be printed as it is: nothing was changed, and nobody listens. */
  takes(level: string): boolean {
    const own = this.#own;
    const insides = this.transport as unknown as Insides;
    const isWritten = insides.write === own.write && insides._write === own._write;
    const isOwn = isWritten && insides.log === own.log && !insides.format;
    const isShown = this.#print.call !== undefined && insides.level === undefined;
    return isOwn && isShown && !insides.silent && this.#hasKnownLimit() && this.#isBare(level);
  }

  /** Where the logger's own level is misspelt, winston prints nothing; without one, all. */
  #hasKnownLimit(): boolean {
    const { level, levels } = this.#logger;
    return !level || levels[level] !== undefined;
  }

  shared(): SharedFields | undefined {
    return this.#print.shared?.();
  }

  printCall(level: string, text: string, fields: Info): void {
    const line = this.#print.call?.(level, text, fields);
    if (line !== undefined) {
      this.#write(line);
    }
  }

  /** winston then does no more than write the line, and tell of it those who listen (0.5 us a record, measured). */
  #isBare(level: string | undefined): boolean {
    const { transport } = this;
    const { forceConsole, stderrLevels, consoleWarnLevels } = transport as unknown as Insides;
    const isStdout = !forceConsole && !stderrLevels[level ?? ''] && !consoleWarnLevels[level ?? ''];
    return isStdout && stdout() !== undefined && transport.listenerCount('logged') === 0;
  }

  #write(line: string): void {
    stdout()?.write(`${line}${this.transport.eol}`);
  }
}

/** Undefined where a logger has no console that we have made. */
export function ownConsoleOf(logger: Logger): OwnConsole | undefined {
  return (logger as Logger & { [ownSymbol]?: OwnConsole })[ownSymbol];
}

/** Where winston's own Console transport writes: a test runner may have put another console in its place. */
function stdout(): NodeJS.WritableStream | undefined {
  return (console as unknown as { _stdout?: NodeJS.WritableStream })._stdout;
}

/** No format makes its line: winston would copy the record for it, and throw into the application where it cannot. */
export function withLine(info: Info, line: string): Info {
  try {
    return Object.assign({}, info, { [messageSymbol]: line });
  } catch {
    return Object.create(info, { [messageSymbol]: { value: line } });
  }
}
