// One record as a line of JSON, for pipes.

import type { StoredRecord } from '../stored-record.ts';

export function jsonLine(record: StoredRecord): string {
  const { labels, metadata, line, level, timestampNs, duplicate, requestNumber } = record;
  const { attributes, body, traceId, spanId, severityNumber, severityText, eventName } =
    record.record;
  const sent = { body, attributes, severityNumber, severityText, traceId, spanId, eventName };
  return JSON.stringify(
    {
      timestampNs: String(timestampNs),
      level,
      line,
      labels,
      metadata,
      duplicate,
      requestNumber,
      sent,
    },
    plain,
  );
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
}
