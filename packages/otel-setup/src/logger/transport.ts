// Hot path: runs on the caller's thread for every record.
// The winston transport: takes each info at once, calls back at once, and can neither throw nor wait.

import Transport from 'winston-transport';
import { type Info, type Levels, levelSymbol, splatSymbol } from '../record/info.ts';
import { readableCopy } from '../record/readable-copy.ts';

/** Encodes and stores one record; never throws. */
export type Accept = (info: Info, levels: Levels) => void;

/**
 * The same for a plain call, of which no info was made: a text and an object of fields. False, and nothing
 * stored, where the fields cannot be read as they are.
 */
export type AcceptCall = (level: string, text: string, fields: Info, levels: Levels) => boolean;

type Markable = Record<symbol, boolean | undefined>;

type Callback = (error?: Error | null) => void;

export interface FormatLike {
  transform(info: Info, options?: unknown): unknown;
  readonly options?: unknown;
}

/** A format that throws costs no record: it then arrives as it was logged. */
export function formatted(format: FormatLike, info: Info): Info {
  try {
    return format.transform(info, format.options) as Info;
  } catch {
    // Where others print what the format makes, winston will throw as it does without us.
    return info;
  }
}

interface LoggerLike {
  readonly level: string;
  readonly levels: Levels;
}

export class OtelSetupTransport extends Transport {
  readonly name = 'otel-setup';
  /** Infos seen so far: tells the writer whether its own has come through. */
  seen = 0;
  readonly #accept: Accept;
  readonly #acceptCall: AcceptCall | undefined;
  readonly #fallbackLevels: Levels;
  /** On an info that this transport took when its call was made, before a stalled stream let it pass. */
  readonly #taken: symbol = Symbol('otel-setup.taken');
  #hasMarked = false;
  /** winston's exception handler, as long as it waits to hear that its record was taken. */
  #whenTaken: Callback[] = [];

  constructor(accept: Accept, levels: Levels, acceptCall?: AcceptCall) {
    super();
    this.#accept = accept;
    this.#acceptCall = acceptCall;
    this.#fallbackLevels = levels;
  }

  // Without a `log` method winston would take this for a transport of version 2.
  override log(info: Info, next: () => void): void {
    // As one of winston's exception handlers this is called beside the pipe, with a record that comes
    // through the pipe as well.
    if (!isLastWords(info) || (this as { parent?: LoggerLike | null }).parent == null) {
      this.take(info);
    }
    next();
  }

  /**
   * winston ends a process for an uncaught exception when each handler has emitted `finish`, else after
   * 3 s. A real `finish` would unpipe us, and later records would be lost.
   */
  override once(event: string | symbol, listener: (...args: never[]) => void): this {
    const state = this as { _ending?: boolean };
    if (event !== 'finish' || state._ending !== true) {
      return super.once(event, listener as Callback);
    }
    state._ending = false;
    this.#whenTaken.push(listener as Callback);
    return this;
  }

  override _write(info: Info, _encoding: string, callback: Callback): void {
    this.take(info);
    // The stream then calls back at once instead of by nextTick (0.4 us a record, measured).
    (this as unknown as { _writableState: { sync: boolean } })._writableState.sync = false;
    callback();
  }

  override _writev(chunks: { chunk: Info; encoding: string }[], callback: Callback): void {
    for (const { chunk } of chunks) {
      this.take(chunk);
    }
    callback();
  }

  /**
   * For an info that a stalled sibling keeps in the logger's buffers: the record is made now, in the
   * context of its call, and skipped when it comes through.
   */
  takeEarly(info: Info, format: FormatLike | undefined): void {
    const copy = copyOf(info);
    const taken = format === undefined ? copy : formatted(format, copy);
    if (typeof taken === 'object' && taken !== null) {
      this.take(taken);
      this.#hasMarked = true;
      (info as unknown as Markable)[this.#taken] = true;
    }
  }

  /** For an info that is logged once more. */
  unmark(info: Info): void {
    if (this.#isMarked(info)) {
      (info as unknown as Markable)[this.#taken] = false;
    }
  }

  #isMarked(info: Info): boolean {
    return this.#hasMarked && (info as unknown as Markable)[this.#taken] === true;
  }

  /** One formatted info, or whatever a format made of it. */
  take(info: Info): void {
    this.seen++;
    if (this.#whenTaken.length > 0) {
      this.#tellTaken(info);
    }
    // A format that drops a record passes `false` on.
    if (typeof info !== 'object' || info === null) {
      return;
    }
    if (this.#isMarked(info) || this.silent) {
      return;
    }
    const parent = (this as { parent?: LoggerLike | null }).parent;
    const levels = parent?.levels ?? this.#fallbackLevels;
    if (!isBelow(this.level ?? parent?.level, info, levels)) {
      this.#accept(info, levels);
    }
  }

  /** A plain call of a logger's own method; false where it must come as an info. */
  takeCall(level: string, text: string, fields: Info, parent: LoggerLike): boolean {
    const accept = this.#acceptCall;
    if (accept === undefined || this.silent || this.#whenTaken.length > 0) {
      return false;
    }
    if (this.level !== undefined) {
      return false;
    }
    this.seen++;
    return accept(level, text, fields, parent.levels);
  }

  /** Once this record's call is over: the listener may end the process, and siblings want the record, too. */
  #tellTaken(info: Info): void {
    if (!isLastWords(info)) {
      return;
    }
    const listeners = this.#whenTaken;
    this.#whenTaken = [];
    for (const listener of listeners) {
      process.nextTick(listener);
    }
  }
}

/** winston's own rule, but that records of exceptions always pass. */
function isBelow(limit: string | undefined, info: Info, levels: Levels): boolean {
  if (limit === undefined || info.exception === true) {
    return false;
  }
  const rank = levels[info[levelSymbol] ?? ''];
  const limitRank = levels[limit];
  return rank !== undefined && limitRank !== undefined && rank > limitRank;
}

/** A record of winston's exception or rejection handler. */
function isLastWords(info: Info): boolean {
  return (
    typeof info === 'object' &&
    info !== null &&
    (info.exception === true || (info as { rejection?: unknown }).rejection === true)
  );
}

/** A shallow copy, as winston gives to a transport's own format; an Error stays one. */
function copyOf(info: Info): Info {
  try {
    if (info instanceof Error) {
      const { message, stack } = info;
      return Object.assign(Object.create(Object.getPrototypeOf(info)), info, { message, stack });
    }
    const { splat } = info;
    const given = info[splatSymbol];
    // splat() takes out of these lists what it lays over the record, and the record itself is still to come to it.
    return {
      ...info,
      ...(Array.isArray(splat) ? { splat: [...splat] } : {}),
      ...(Array.isArray(given) ? { [splatSymbol]: [...given] } : {}),
    };
  } catch {
    // A getter that throws: in its place the copy says so.
    return readableCopy(info) as Info;
  }
}
