// Hot path: runs on the caller's thread for every record.
// From a log call to the spool: winston's records by the short way, all others by Logger.emit.

import { type Context, type LogRecord as EmittedRecord, ROOT_CONTEXT } from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { LogRecordProcessor, ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import { RecordEncoder } from './encode/encode-record.ts';
import { PlainEncoder, type PlainOptions } from './encode/plain-encoder.ts';
import type { HotCounts } from './health/ledger.ts';
import { SHUTDOWN_MS } from './lifecycle/finish.ts';
import type { ReadShared } from './logger/shared-fields.ts';
import { activeContext, contextOf, contextOfEmit, spanIdsOf } from './logger/trace-context.ts';
import type { Accept, AcceptCall } from './logger/transport.ts';
import { type Place, type PlaceOptions, Places } from './places.ts';
import { type Info, infoOfCall, type Levels } from './record/info.ts';
import type { Limits } from './record/limits.ts';
import type { LogRecord } from './record/log-record.ts';
import type { MadeRecord } from './record/made-record.ts';
import type { Process } from './record/processing/compile-processing.ts';

export interface IntakeOptions extends Omit<PlaceOptions, 'plain'> {
  readonly plain: PlainOptions;
  readonly readShared: ReadShared;
  readonly hot: HotCounts;
  /** The processing rules; undefined where there are none. */
  readonly process: Process | undefined;
  append(bytes: Buffer, start: number, end: number, definition: number, severity: number): void;
  wake(): void;
  /** A processor of the application's threw; its record goes on without it. */
  processorFailed(error: unknown): void;
}

/** The scope of winston's records: what it names in Loki is the library, not this package. */
export const winstonScope: InstrumentationScope = { name: 'winston' };

interface ShortWay {
  readonly accept: Accept;
  /** Undefined where a rule wants to see each record. */
  readonly acceptCall: AcceptCall | undefined;
}

interface Emitter {
  emit(record: EmittedRecord): void;
}

export class Intake {
  readonly #options: IntakeOptions;
  readonly #encoder = new RecordEncoder();
  readonly #places: Places;
  /** The record on its way through Logger.emit, so that its processor knows it again. */
  #emitting: MadeRecord | undefined;

  constructor(options: IntakeOptions) {
    this.#options = options;
    const plain = (limits: Limits) => new PlainEncoder(this.#encoder, limits, options.plain);
    this.#places = new Places({ ...options, plain });
  }

  /** winston's records straight to the encoder: while our processor is the only one. */
  shortWay(resource: Resource): ShortWay {
    let latest = this.#places.of(resource, winstonScope);
    const current = (): Place => {
      if (!latest.isCurrent) {
        latest = this.#places.of(resource, winstonScope);
      }
      return latest;
    };
    const accept: Accept = (info, levels) => {
      const place = current();
      this.#take(this.#toRecord(place, info, levels, contextOf(info)), place.definition);
    };
    const acceptCall: AcceptCall = (level, text, fields, levels) => {
      const place = current();
      if (this.#takePlain(place, level, text, fields, levels)) {
        return true;
      }
      const reread = place.plain.takeReread();
      if (reread === undefined) {
        return false;
      }
      accept(infoOfCall(level, text, reread), levels);
      return true;
    };
    return { accept, acceptCall: this.#options.process === undefined ? acceptCall : undefined };
  }

  /** winston's records through Logger.emit, so that other processors see and change them. */
  longWay(resource: Resource, logger: Emitter): Accept {
    return (info, levels) => {
      const context = contextOf(info) as Context | undefined;
      const place = this.#places.of(resource, winstonScope);
      const record = this.#toRecord(place, info, levels, context);
      const outer = this.#emitting;
      this.#emitting = record;
      try {
        logger.emit(emittedForm(record, context));
      } catch (error) {
        this.#options.processorFailed(error);
      }
      if (this.#emitting === record) {
        // The provider was shut down, or a processor threw before ours had its turn.
        this.#take(record, place.definition);
      }
      this.#emitting = outer;
    };
  }

  /** False, and nothing stored, where a record must be made of the call. */
  #takePlain(place: Place, level: string, text: string, fields: Info, levels: Levels): boolean {
    const { plain } = place;
    const context = activeContext();
    const shared = this.#options.readShared(undefined, context);
    const length = plain.encode(level, text, fields, levels, spanIdsOf(context), shared);
    if (length < 0) {
      return false;
    }
    this.#keep(length, place.definition, plain.severityNumber);
    return true;
  }

  #toRecord(place: Place, info: Info, levels: Levels, context: unknown): MadeRecord {
    const { readShared } = this.#options;
    return place.toRecord(info, levels, spanIdsOf(context), readShared(info, context));
  }

  /** Ours among the processors of a LoggerProvider. */
  readonly onEmit = (emitted: ReadWriteLogRecord, given?: Context): void => {
    const place = this.#places.of(emitted.resource, emitted.instrumentationScope);
    const { definition, fromEmitted } = place;
    const own = this.#emitting;
    if (own !== undefined && emitted.hrTime === own.hrTime) {
      this.#emitting = undefined;
      this.#take(
        isUnchanged(own, emitted) ? own : fromEmitted(emitted as LogRecord, { timed: true }),
        definition,
      );
      return;
    }
    const context = contextOfEmit(given);
    const span = emitted.spanContext === undefined ? spanIdsOf(context) : undefined;
    const shared = this.#options.readShared(undefined, context);
    this.#take(fromEmitted(emitted as LogRecord, { timed: false, span, shared }), definition);
  };

  /** A record of the pipeline's own, about itself. */
  storeOwn(resource: Resource, record: LogRecord): void {
    this.#store(record, this.#places.of(resource, winstonScope).definition);
  }

  /** A record of the application's: what a rule takes out was never accepted, and the rule counts it. */
  #take(record: MadeRecord, definition: number): void {
    const { process } = this.#options;
    const left = process === undefined ? record : process(record);
    if (left !== undefined) {
      this.#store(left, definition);
    }
  }

  #store(record: LogRecord, definition: number): void {
    this.#keep(this.#encoder.encode(record), definition, record.severityNumber ?? 0);
  }

  /** What the encoder has written last. */
  #keep(length: number, definition: number, severityNumber: number): void {
    const { hot, append, wake } = this.#options;
    append(this.#encoder.bytes, 0, length, definition, severityNumber);
    // Not before: a call whose stack ends amid the append was none.
    hot.accepted++;
    hot.encodedBytes += length;
    wake();
  }
}

/** Also for a provider of the application's, which may end before the pipeline does: it stops nothing. */
export function asProcessor(
  intake: Intake,
  flush: (timeoutMs?: number) => Promise<unknown>,
): LogRecordProcessor {
  return {
    onEmit: intake.onEmit,
    forceFlush: async (options) => {
      await flush(options?.timeoutMillis);
    },
    shutdown: async () => {
      await flush(SHUTDOWN_MS);
    },
  };
}

function emittedForm(record: LogRecord, context: Context | undefined): EmittedRecord {
  return {
    timestamp: record.hrTime,
    observedTimestamp: record.hrTimeObserved,
    severityNumber: record.severityNumber as never,
    severityText: record.severityText as never,
    body: record.body as never,
    attributes: record.attributes as never,
    ...(record.eventName === undefined ? {} : { eventName: record.eventName }),
    // Without the key, or with `undefined`, emit() would look for another context.
    context: context ?? ROOT_CONTEXT,
  };
}

/** A processor that only reads leaves the record as we made it, counts of what was left out included. */
function isUnchanged(own: LogRecord, emitted: ReadWriteLogRecord): boolean {
  const keys = Object.keys(own.attributes);
  return (
    emitted.body === own.body &&
    emitted.severityNumber === own.severityNumber &&
    emitted.severityText === own.severityText &&
    emitted.eventName === own.eventName &&
    Object.keys(emitted.attributes).length === keys.length &&
    keys.every((key) => sameValue(own.attributes[key], emitted.attributes[key]))
  );
}

function sameValue(own: unknown, emitted: unknown): boolean {
  return (
    Object.is(own, emitted) ||
    (typeof own === 'object' &&
      typeof emitted === 'object' &&
      JSON.stringify(own) === JSON.stringify(emitted))
  );
}
