// The stock pipeline: winston, OpenTelemetry's winston transport, its batch processor and its OTLP/HTTP exporter, with
// default settings. The copies are those that otel-setup itself depends on.

import { createRequire } from 'node:module';
import winston, { type Logger } from 'winston';
import type TransportStream from 'winston-transport';
import type { Pipeline } from './pipeline.ts';

const load = createRequire(new URL('../../packages/otel-setup/package.json', import.meta.url));

interface Provider extends Pick<Pipeline, 'loggerProvider'> {
  getLogger: Pipeline['loggerProvider']['getLogger'];
  forceFlush(): Promise<void>;
}

export function start(): Pipeline {
  const { logs } = load('@opentelemetry/api-logs');
  const { BatchLogRecordProcessor, LoggerProvider } = load('@opentelemetry/sdk-logs');
  const { OTLPLogExporter } = load('@opentelemetry/exporter-logs-otlp-http');
  const { OpenTelemetryTransportV3 } = load('@opentelemetry/winston-transport');
  const exporter = new OTLPLogExporter();
  const loggerProvider: Provider = new LoggerProvider({
    processors: [new BatchLogRecordProcessor({ exporter })],
  });
  logs.setGlobalLoggerProvider(loggerProvider);
  const transport = (): TransportStream => new OpenTelemetryTransportV3({ handleExceptions: true });
  return {
    logger: winston.createLogger({ level: 'silly', transports: [transport()] }),
    loggerProvider: loggerProvider as unknown as Pipeline['loggerProvider'],
    init: ({ logger }: { logger: Logger }) => logger.add(transport()),
    flush: () => loggerProvider.forceFlush(),
  };
}
