// The stock pipeline as somebody sets it who has read the documentation: a long queue, large batches, protobuf, gzip.

import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { BatchLogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { Contender, Setting } from '../contender.ts';
import { setupWith } from './opentelemetry.ts';

export function setup({ endpoint }: Setting): Contender {
  process.env.OTEL_EXPORTER_OTLP_LOGS_COMPRESSION = 'gzip';
  const exporter = new OTLPLogExporter({ url: `${endpoint}/v1/logs` });
  return setupWith(
    new BatchLogRecordProcessor({ exporter, maxQueueSize: 200_000, maxExportBatchSize: 2_048 }),
  );
}
