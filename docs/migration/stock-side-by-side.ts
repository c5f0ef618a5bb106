// One logger, two ways for a few days: the stock OpenTelemetry parts as they were, and otel-setup beside them.

import { logs } from '@opentelemetry/api-logs';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { detectResources, envDetector } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { OpenTelemetryTransportV3 } from '@opentelemetry/winston-transport';
import { init } from 'otel-setup';
import { createLogger, transports } from 'winston';

const exporter = new OTLPLogExporter();
// Named by OTEL_SERVICE_NAME, as ours is: without a resource the old records are of "unknown_service:node".
const resource = detectResources({ detectors: [envDetector] });
const processors = [new BatchLogRecordProcessor({ exporter })];
const provider = new LoggerProvider({ resource, processors });
logs.setGlobalLoggerProvider(provider);

const old = new OpenTelemetryTransportV3();
const logger = createLogger({ transports: [new transports.Console(), old] });
// Behind the old provider: the old transport then stays with it.
const { flush } = init({ logger });

logger.info('order placed', { orderId: 42 });
logger.error('payment failed', { error: new RangeError('no such card') });

await provider.forceFlush();
await flush();
process.exit();
