// Hot path: runs on the caller's thread for every record of another OpenTelemetry source.
// A record that came through Logger.emit -> the record that is encoded.

import type { HrTime } from '@opentelemetry/api';
import { createAttributeNames } from './attribute-name.ts';
import { Draft } from './draft.ts';
import type { Limits } from './limits.ts';
import type { LogRecord } from './log-record.ts';
import { type Changed, finishRecord } from './to-record.ts';

/** `timed`: its timestamp is one of ours already. */
export type FromEmitted = (emitted: LogRecord, timed: boolean) => LogRecord;

/**
 * The same limits and names as for winston's records; a body is whatever the source put there. A
 * timestamp that was given is honoured; one that was not (it then equals the observed one) becomes
 * one of ours, so that no two records share it.
 */
export function createFromEmitted(options: {
  timestamps: () => HrTime;
  limits: Limits;
  changed: Changed;
}): FromEmitted {
  const names = createAttributeNames();
  return (emitted, timed) => {
    const time = timed || isGiven(emitted) ? undefined : options.timestamps();
    const draft = new Draft({ message: emitted.body }, emitted.spanContext, names);
    draft.eventName = emitted.eventName;
    for (const key of Object.keys(emitted.attributes)) {
      draft.putAny(key, emitted.attributes[key]);
    }
    const parts = {
      hrTime: time ?? emitted.hrTime,
      hrTimeObserved: time ?? emitted.hrTimeObserved,
      spanContext: emitted.spanContext,
      severityNumber: emitted.severityNumber,
      severityText: emitted.severityText,
      droppedAttributesCount: emitted.droppedAttributesCount,
    };
    return finishRecord(draft, parts, options.limits, options.changed);
  };
}

function isGiven({ hrTime, hrTimeObserved }: LogRecord): boolean {
  return hrTime[0] !== hrTimeObserved[0] || hrTime[1] !== hrTimeObserved[1];
}
