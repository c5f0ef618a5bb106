// Throws with a secret among its arguments, while winston handles exceptions.

import { init } from 'otel-setup';

const { logger } = init();
const [transport] = logger.transports;
if (transport !== undefined) logger.exceptions.handle(transport);
logger.info('started', { process: { pid: process.pid } });
setImmediate(() => {
  throw new Error('thrown on purpose');
});
