// Logs numbered records at a steady rate (arguments: its name, records per second, a file). The file grows by one byte
// after each call: what stands there was accepted, whatever becomes of the process. A line on standard input ends the
// logging; the process ends when nothing is pending.
import { openSync, writeSync } from 'node:fs';
import { init } from 'otel-setup';

const [run = '', rate = '1000', journal = ''] = process.argv.slice(2);
const { logger, stats, flush, shutdown } = init();
const file = openSync(journal, 'a');
const started = performance.now();
let nr = 0;

const logging = setInterval(() => {
  const due = ((performance.now() - started) / 1_000) * Number(rate);
  for (; nr < due; nr++) {
    logger.info(`step ${nr} of ${run}`, {
      run,
      nr,
      path: `/orders/${nr}/items`,
      user: { id: nr % 997, tags: ['a', 'b'] },
      ms: nr / 8,
    });
    writeSync(file, '.');
  }
}, 5);

const tell = (): boolean => process.stdout.write(`${JSON.stringify(stats())}\n`);
setInterval(tell, 200).unref();

process.stdin.once('data', async () => {
  clearInterval(logging);
  // A flush is about the process's own records: it does not wait for those of earlier ones.
  for (let left = 1; left > 0; left = stats().pending + stats().adopted.pending) {
    await flush(500);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  await shutdown();
  tell();
  process.stdin.destroy();
});
