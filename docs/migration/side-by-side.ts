// One logger, two ways to Loki for a few days: winston-loki as it was, and otel-setup beside it.

import { init } from 'otel-setup';
import { createLogger, transports } from 'winston';
import LokiTransport from 'winston-loki';

const { LOKI_URL = 'http://localhost:3100/loki/api/v1/push', LOKI_AUTH } = process.env;

const old = new LokiTransport({
  host: new URL(LOKI_URL).origin,
  ...(LOKI_AUTH === undefined ? {} : { basicAuth: LOKI_AUTH }),
  labels: { application: 'shop' },
  interval: 1,
  json: true,
});

const logger = createLogger({ transports: [new transports.Console(), old] });
const { flush } = init({ logger });

logger.info('order placed', { orderId: 42 });
logger.warn('stock is low', { item: 'tea' });
logger.error('payment failed', { error: new RangeError('no such card') });

await old.flush();
await flush();
process.exit();
