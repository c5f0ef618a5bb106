// The stock OpenTelemetry pipeline with its default settings: the baseline of every ratio.

import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { BatchLogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { Contender, Setting } from '../contender.ts';
import { setupWith } from './opentelemetry.ts';

export function setup({ endpoint }: Setting): Contender {
  const exporter = new OTLPLogExporter({ url: `${endpoint}/v1/logs` });
  return setupWith(new BatchLogRecordProcessor({ exporter }));
}
