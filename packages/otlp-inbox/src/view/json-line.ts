// One record as a line of JSON, for pipes.

import type { StoredRecord } from '../stored-record.ts';

/** 64-bit integers are strings, bytes are base64. */
export function jsonLine(stored: StoredRecord): string {
  const { timestampNs, level, line, labels, metadata, duplicate, requestNumber } = stored;
  const { bytes: _record, ...record } = stored.record;
  const { bytes: _resource, invalidUtf8: _invalid, ...resource } = stored.resource;
  const { scope } = stored;
  return JSON.stringify(
    {
      timestampNs,
      level,
      line,
      labels,
      metadata,
      duplicate,
      requestNumber,
      record,
      resource,
      scope,
    },
    plain,
  );
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
}
