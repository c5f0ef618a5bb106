// The stock pipeline with winston's Console transport beside it, which prints winston's default JSON.

import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { BatchLogRecordProcessor } from '@opentelemetry/sdk-logs';
import winston from 'winston';
import type { Contender, Setting } from '../contender.ts';
import { setupWith } from './opentelemetry.ts';

export function setup({ endpoint }: Setting): Contender {
  const exporter = new OTLPLogExporter({ url: `${endpoint}/v1/logs` });
  const processor = new BatchLogRecordProcessor({ exporter });
  return setupWith(processor, [new winston.transports.Console()]);
}
