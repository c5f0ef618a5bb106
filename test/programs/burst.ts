// Logs as many records as its argument says, tells so, and waits to be killed.
import { init } from 'otel-setup';

const { logger } = init();
const count = Number(process.argv[2]);
for (let i = 0; i < count; i++) {
  logger.info('burst', { id: i });
}
process.stdout.write('logged\n');
setInterval(() => undefined, 1_000);
