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
import { finishRecord } from './to-record.ts';

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
 * share it.
 */
export function createFromEmitted(options: {
  timestamps: () => HrTime;
  limits: Limits;
  changed: Changed;
  redactor?: Redactor | undefined;
}): FromEmitted {
  const { redactor } = options;
  const names = createAttributeNames(options.limits.reserved, redactor);
  return (emitted, { timed, span, shared }) => {
    const spanContext = emitted.spanContext ?? span;
    const time = timed || isGiven(emitted) ? undefined : options.timestamps();
    const draft = new Draft(infoOf(emitted), spanContext, names, redactor);
    draft.eventName = withoutSecrets(emitted.eventName, redactor);
    for (const key of Object.keys(emitted.attributes)) {
      draft.putAny(key, emitted.attributes[key]);
    }
    if (shared !== undefined) {
      addShared(draft, shared);
    }
    const parts = {
      hrTime: time ?? emitted.hrTime,
      hrTimeObserved: time ?? emitted.hrTimeObserved,
      spanContext,
      severityNumber: emitted.severityNumber,
      severityText: withoutSecrets(emitted.severityText, redactor),
      droppedAttributesCount: emitted.droppedAttributesCount,
    };
    return finishRecord(draft, parts, options.limits, options.changed);
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
  const [seconds, nanos] = hrTime;
  const isEqual = seconds === hrTimeObserved[0] && nanos === hrTimeObserved[1];
  const delayMs = Date.now() - seconds * 1_000 - nanos / 1_000_000;
  return !isEqual || nanos % 1_000_000 !== 0 || Math.abs(delayMs) > maxDelayMs;
}

function withoutSecrets(
  text: string | undefined,
  redactor: Redactor | undefined,
): string | undefined {
  return text === undefined || redactor === undefined ? text : redactor.text(text);
}
