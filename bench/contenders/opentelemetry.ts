// winston with the upstream OpenTelemetry transport, one LoggerProvider in both globals: the transport reads that of
// api-logs, everything newer that of api.

import { logs } from '@opentelemetry/api';
import { logs as legacyLogs } from '@opentelemetry/api-logs';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider, type LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { OpenTelemetryTransportV3 } from '@opentelemetry/winston-transport';
import winston from 'winston';
import type { Contender } from '../contender.ts';
import { message } from '../record.ts';

export function setupWith(
  processor: LogRecordProcessor,
  beside: readonly winston.transport[] = [],
): Contender {
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({ 'service.name': 'bench' }),
    processors: [processor],
  });
  logs.setGlobalLoggerProvider(provider);
  legacyLogs.setGlobalLoggerProvider(provider);
  const logger = winston.createLogger({ transports: [...beside, new OpenTelemetryTransportV3()] });
  return {
    info: (fields) => void logger.info(message, fields),
    debug: (fields) => void logger.debug(message, fields),
    flush: () => provider.forceFlush(),
    end: () => provider.shutdown(),
  };
}
