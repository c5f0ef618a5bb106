// A service that logs by winston-loki, as its README shows it, to the address in LOKI_URL without its path.
const winston = require('winston');
const LokiTransport = require('winston-loki');

const host = new URL(process.env.LOKI_URL).origin;
const transport = new LokiTransport({ host, labels: { app: 'legacy' }, interval: 1 });
const logger = winston.createLogger({ transports: [transport] });
logger.info('hello from winston-loki', { orderId: 42 });
logger.error('failed in winston-loki');
transport.flush().then(() => process.exit(0));
