// An application that knows nothing of us: `node --import otel-setup/register` is all it takes.
import winston, { createLogger } from 'winston';

const logger = createLogger({ level: 'debug', transports: [new winston.transports.Console()] });
logger.debug('from a named import', { id: 1 });
winston
  .createLogger({ transports: [new winston.transports.Console()] })
  .info('from the default import', { id: 2 });
winston.add(new winston.transports.Console());
winston.info('from the default logger', { id: 3 });
