// The instruments of the pipeline, as data: names of the semantic conventions for OpenTelemetry SDKs
// (https://opentelemetry.io/docs/specs/semconv/otel/sdk-metrics/), then our own.

export interface InstrumentRow {
  readonly name: string;
  readonly kind: 'counter' | 'upDownCounter' | 'gauge' | 'histogram';
  readonly unit: string;
  readonly description: string;
}

const row = (
  name: string,
  kind: InstrumentRow['kind'],
  unit: string,
  description: string,
): InstrumentRow => ({ name, kind, unit, description });

const record = '{log_record}';

export type InstrumentName =
  | 'created'
  | 'processed'
  | 'queueSize'
  | 'queueCapacity'
  | 'exported'
  | 'inflight'
  | 'spoolSize'
  | 'spoolLimit'
  | 'oldestAge'
  | 'lastSuccess'
  | 'adoptedFound'
  | 'adoptedProcessed'
  | 'adoptedQueueSize'
  | 'filtered'
  | 'redacted'
  | 'changed'
  | 'sent'
  | 'billed'
  | 'streams';

/** All are observed together, so that the figures of one collection belong to one moment. */
export const instruments: Readonly<Record<InstrumentName, InstrumentRow>> = {
  created: row(
    'otel.sdk.log.created',
    'counter',
    record,
    'Log records taken over from this process.',
  ),
  processed: row(
    'otel.sdk.processor.log.processed',
    'counter',
    record,
    'Log records of this process that are settled: delivered, or with error.type given up for that reason. The rest is otel.sdk.processor.log.queue.size.',
  ),
  queueSize: row(
    'otel.sdk.processor.log.queue.size',
    'upDownCounter',
    record,
    'Log records of this process that wait in the spool or in memory.',
  ),
  queueCapacity: row(
    'otel.sdk.processor.log.queue.capacity',
    'upDownCounter',
    record,
    'Log records that the queue can hold, estimated from the mean size of those so far: its bound is in bytes.',
  ),
  exported: row(
    'otel.sdk.exporter.log.exported',
    'counter',
    record,
    'Log records that the endpoint confirmed, those of earlier processes included, or with error.type refused for good.',
  ),
  inflight: row(
    'otel.sdk.exporter.log.inflight',
    'upDownCounter',
    record,
    'Log records in requests that are not answered yet.',
  ),
  spoolSize: row('otel_setup.spool.size', 'upDownCounter', 'By', 'Bytes of the spool on disk.'),
  spoolLimit: row(
    'otel_setup.spool.limit',
    'upDownCounter',
    'By',
    'Bytes that all spools below the same root, or without a disk the memory of this one, may take.',
  ),
  oldestAge: row(
    'otel_setup.queue.oldest_age',
    'gauge',
    's',
    'Age of the oldest waiting log record; 0 where none waits.',
  ),
  lastSuccess: row(
    'otel_setup.exporter.last_success',
    'gauge',
    's',
    'Unix time at which the endpoint last confirmed log records; absent before the first time.',
  ),
  adoptedFound: row(
    'otel_setup.adopted.log.found',
    'counter',
    record,
    'Log records found in spools that earlier processes left.',
  ),
  adoptedProcessed: row(
    'otel_setup.adopted.log.processed',
    'counter',
    record,
    'Of the log records found, those delivered, or with error.type given up for that reason.',
  ),
  adoptedQueueSize: row(
    'otel_setup.adopted.log.queue.size',
    'upDownCounter',
    record,
    'Of the log records found, those that still wait.',
  ),
  filtered: row(
    'otel_setup.log.filtered',
    'counter',
    record,
    'Log records that a processing rule took out before they were taken over, by otel_setup.rule.',
  ),
  redacted: row(
    'otel_setup.log.redacted',
    'counter',
    '{secret}',
    'Secrets taken out of log records, by otel_setup.rule.',
  ),
  changed: row(
    'otel_setup.log.changed',
    'counter',
    '{change}',
    'Repairs made to log records, by otel_setup.change.',
  ),
  sent: row(
    'otel_setup.exporter.sent',
    'counter',
    'By',
    'Bytes of confirmed requests as they went over the wire.',
  ),
  billed: row(
    'otel_setup.exporter.billed',
    'counter',
    'By',
    'Bytes of confirmed log records as Loki counts them and Grafana Cloud bills them.',
  ),
  streams: row(
    'otel_setup.exporter.streams',
    'upDownCounter',
    '{stream}',
    'Streams in Loki that confirmed log records went to.',
  ),
};

/** One observation per request, retries included: each attempt is an operation of its own. */
export const operationDuration: InstrumentRow = {
  name: 'otel.sdk.exporter.operation.duration',
  kind: 'histogram',
  unit: 's',
  description: 'Duration of one request to the endpoint.',
};
