// Hot path: runs on the caller's thread for every record of another OpenTelemetry source.
// A record that came through Logger.emit -> the record that is encoded.

import type { HrTime } from '@opentelemetry/api';
import { addShared } from './add-shared.ts';
import { createAttributeNames } from './attribute-name.ts';
import { Draft } from './draft.ts';
import type { Changed } from './fit-record.ts';
import type { Info, SharedFields } from './info.ts';
import type { Limits } from './limits.ts';
import type { LogRecord, SpanIds } from './log-record.ts';
import type { MadeRecord } from './made-record.ts';
import type { Redactor } from './redaction/redactor.ts';
import { finishRecord, unreadableRecord } from './to-record.ts';
import { errorText } from './unreadable.ts';

/** What a record does not bring along. */
export interface Surroundings {
  /** Its timestamp is one of ours already. */
  readonly timed: boolean;
  /** In place of its own, where it has none. */
  readonly span?: SpanIds | undefined;
  readonly shared?: SharedFields | undefined;
}

export type FromEmitted = (emitted: LogRecord, surroundings: Surroundings) => MadeRecord;

/**
 * The same limits and names as for winston's records; a body is whatever the source put there. A
 * timestamp that was given is honoured; one that was not becomes one of ours, so that no two records
 * share it. Total: a further processor may have set anything, and its record is still one.
 */
export function createFromEmitted(options: {
  timestamps: () => HrTime;
  limits: Limits;
  changed: Changed;
  redactor?: Redactor | undefined;
}): FromEmitted {
  const { redactor } = options;
  const names = createAttributeNames(options.limits.reserved, redactor);
  const make: FromEmitted = (emitted, { timed, span, shared }) => {
    const spanContext = emitted.spanContext ?? span;
    const time = timed || isGiven(emitted) ? undefined : options.timestamps();
    const draft = new Draft(infoOf(emitted), spanContext, names, redactor);
    draft.eventName = cleanText(emitted.eventName, redactor);
    for (const key of Object.keys(emitted.attributes)) {
      draft.putAny(key, emitted.attributes[key]);
    }
    if (shared !== undefined) {
      addShared(draft, shared);
    }
    const parts = {
      hrTime: time ?? emitted.hrTime,
      hrTimeObserved: time ?? observedTime(emitted),
      spanContext,
      severityNumber: severityNumberOf(emitted),
      severityText: cleanText(emitted.severityText, redactor),
      droppedAttributesCount: emitted.droppedAttributesCount,
    };
    return finishRecord(draft, parts, options.limits, options.changed);
  };
  return (emitted, surroundings) => {
    try {
      return make(emitted, surroundings);
    } catch (error) {
      const why = redactor?.text(errorText(error)) ?? errorText(error);
      return unreadableRecord(why, options.timestamps(), surroundings.span);
    }
  };
}

/** Without a message where there is no body: nothing was said, not `undefined`. */
function infoOf({ body }: LogRecord): Info {
  return body === undefined || body === null ? {} : { message: body };
}

/** After so many ms it was not the provider that has just read the clock. */
const maxDelayMs = 100;

/**
 * Where no timestamp was given, sdk-logs has just read the clock, in whole milliseconds, for it and for
 * the observed one. Its clock is the global one, whatever ours is.
 */
function isGiven({ hrTime, hrTimeObserved }: LogRecord): boolean {
  if (!isTime(hrTime)) {
    return false;
  }
  const [seconds, nanos] = hrTime;
  const isEqual = seconds === hrTimeObserved[0] && nanos === hrTimeObserved[1];
  const delayMs = Date.now() - seconds * 1_000 - nanos / 1_000_000;
  return !isEqual || nanos % 1_000_000 !== 0 || Math.abs(delayMs) > maxDelayMs;
}

/** Seconds whose nanoseconds are an int64, as Loki and Go have them. */
const maxSeconds = 9_223_372_036;

/** Of `new Date(NaN)`, of a time before 1970: nothing that OTLP could carry. */
function isTime([seconds, nanos]: HrTime): boolean {
  return (
    Number.isInteger(seconds) &&
    Number.isInteger(nanos) &&
    seconds >= 0 &&
    seconds < maxSeconds &&
    nanos >= 0 &&
    nanos < 1e9
  );
}

function observedTime({ hrTime, hrTimeObserved }: LogRecord): HrTime {
  return isTime(hrTimeObserved) ? hrTimeObserved : hrTime;
}

/** Of OpenTelemetry's range; what is none would be no protobuf number either. */
function severityNumberOf({ severityNumber }: LogRecord): number | undefined {
  const isKnown = Number.isInteger(severityNumber) && Number(severityNumber) >= 0;
  return isKnown && Number(severityNumber) <= 24 ? severityNumber : undefined;
}

function cleanText(given: unknown, redactor: Redactor | undefined): string | undefined {
  if (given === undefined || given === null) {
    return undefined;
  }
  const text = typeof given === 'string' ? given : String(given);
  return redactor === undefined ? text : redactor.text(text);
}
