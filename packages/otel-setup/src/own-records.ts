// Records and notices that the pipeline writes about itself.

import type { HrTime } from '@opentelemetry/api';
import type { Notice } from './errors.ts';
import { reasonOf } from './reason.ts';
import { isoTime } from './record/iso-time.ts';
import type { LogRecord } from './record/log-record.ts';
import type { Gap } from './spool/options.ts';

/** Tells Grafana what is missing, where it is missing. */
export function gapRecord(gap: Gap, time: HrTime): LogRecord {
  const first = isoTime(gap.firstMs);
  const last = isoTime(gap.lastMs);
  const records = gap.count === 1 ? 'a record' : `${gap.count} records`;
  return {
    hrTime: time,
    hrTimeObserved: time,
    severityNumber: 13,
    severityText: 'warn',
    body: `otel-setup gave up ${records} logged between ${first} and ${last} (${gap.reason})`,
    eventName: 'otel_setup.gap',
    attributes: {
      'otel_setup.gap.count': gap.count,
      'otel_setup.gap.first': first,
      'otel_setup.gap.last': last,
      'otel_setup.gap.reason': gap.reason,
    },
    droppedAttributesCount: 0,
  };
}

export function processorNotice(error: unknown): Notice {
  return {
    code: 'OTEL_SETUP_PROCESSOR',
    level: 'error',
    message:
      `A processor of init({ processors }) threw (${reasonOf(error)}). ` +
      'Its record was sent without it; mend or remove that processor.',
  };
}

export function unflushedNotice(error: unknown): Notice {
  return {
    code: 'OTEL_SETUP_PROCESSOR',
    level: 'error',
    message:
      `A processor of init({ processors }) could not be flushed (${reasonOf(error)}): what it held itself may be lost. ` +
      'What otel-setup sends is not concerned; mend or remove that processor.',
  };
}
