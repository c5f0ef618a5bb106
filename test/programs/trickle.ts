// Logs a record every 20 ms until all that its argument says are logged, then waits until they are delivered.
import { init } from 'otel-setup';

const { logger, flush, stats } = init({ timeoutMs: 500 });
const count = Number(process.argv[2]);
for (let id = 0; id < count; id++) {
  logger.info('trickle', { id });
  await new Promise((resolve) => setTimeout(resolve, 20));
}
const deadline = Date.now() + 30_000;
while (stats().pending > 0 && Date.now() < deadline) {
  await flush(1_000);
}
process.stdout.write(`${JSON.stringify(stats())}\n`);
