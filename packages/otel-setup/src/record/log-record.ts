// The record between winston (or any OpenTelemetry source) and the encoder. Its names are those of
// sdk-logs' ReadableLogRecord, so that one encoder serves both.

import type { HrTime } from '@opentelemetry/api';

/** A value OTLP can carry. Integers within int64 go as int, other numbers as double, null as empty. */
export type AnyValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | Uint8Array
  | readonly AnyValue[]
  | { readonly [key: string]: AnyValue };

export type Attributes = { [key: string]: AnyValue };

export interface SpanIds {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  readonly traceFlags: number;
}

export interface LogRecord {
  readonly hrTime: HrTime;
  readonly hrTimeObserved: HrTime;
  readonly spanContext?: SpanIds | undefined;
  readonly severityNumber?: number | undefined;
  readonly severityText?: string | undefined;
  readonly body?: AnyValue;
  readonly eventName?: string | undefined;
  readonly attributes: Attributes;
  readonly droppedAttributesCount: number;
}
