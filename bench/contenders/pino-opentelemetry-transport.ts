// pino-opentelemetry-transport with its default settings: the stock batch processor and protobuf exporter, in a worker.

import type { Contender, Setting } from '../contender.ts';
import { setupWith } from './pino.ts';

export function setup({ endpoint }: Setting): Contender {
  return setupWith('pino-opentelemetry-transport', {
    loggerName: 'bench',
    serviceVersion: '1',
    resourceAttributes: { 'service.name': 'bench' },
    logRecordProcessorOptions: {
      recordProcessorType: 'batch',
      exporterOptions: {
        protocol: 'http/protobuf',
        protobufExporterOptions: { url: `${endpoint}/v1/logs` },
      },
    },
  });
}
