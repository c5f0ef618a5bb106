// trace_id and its like among a record's attributes, as instrumentation-winston adds them.

import type { AnyValue, SpanIds } from './log-record.ts';

/** Those of the record itself have fields of their own. */
export function isOwnId(key: string, value: AnyValue, span: SpanIds | undefined): boolean {
  if (span === undefined) {
    return false;
  }
  return (
    (key === 'trace_id' && value === span.traceId) ||
    (key === 'span_id' && value === span.spanId) ||
    (key === 'trace_flags' && Number.parseInt(String(value), 16) === span.traceFlags)
  );
}
