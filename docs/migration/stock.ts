// The stock OpenTelemetry set-up for winston, with otel-setup in the place of its processor and exporter.

import { logs } from '@opentelemetry/api';
import { init } from 'otel-setup';
import { createLogger, transports } from 'winston';

// Before: new LoggerProvider({ processors: [new BatchLogRecordProcessor(new OTLPLogExporter())] })
// and createLogger({ transports: [new OpenTelemetryTransportV3()] }).
const { logger } = init({ logger: createLogger({ transports: [new transports.Console()] }) });

logger.info('order placed', { orderId: 42 });

// What logs by OpenTelemetry's own API goes the same way.
logs.getLogger('billing').emit({ severityNumber: 9, body: 'invoice written' });
