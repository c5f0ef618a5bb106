// Logs three records, and ends when it has told the notice that is waited for, or has sent everything.
import { init } from 'otel-setup';

const awaited = process.argv[2];
let told: () => void = () => undefined;
const notice = new Promise<void>((resolve) => {
  told = resolve;
});
const { logger, flush } = init({
  onNotice: ({ code }) => {
    if (code === awaited) told();
  },
});
logger.info('one', { id: 1 });
logger.warn('two', { id: 2 });
logger.error('three', { id: 3 });
await Promise.race([notice, flush(20_000)]);
// A flush that goes on would keep it alive.
process.exit(0);
