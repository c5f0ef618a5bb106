// winston-loki as its documentation shows it: snappy protobuf, a batch every 5 s.

import winston from 'winston';
import LokiTransport from 'winston-loki';
import type { Contender, Setting } from '../contender.ts';
import { message } from '../record.ts';

export function setup({ endpoint }: Setting): Contender {
  const transport = new LokiTransport({ host: endpoint, labels: { service_name: 'bench' } });
  const logger = winston.createLogger({ transports: [transport] });
  return {
    info: (fields) => void logger.info(message, fields),
    debug: (fields) => void logger.debug(message, fields),
    // Its flush() waits for the next batch, up to 5 s, and speeds nothing up.
    flush: async () => undefined,
    end: async () => void (await transport.close?.()),
  };
}
