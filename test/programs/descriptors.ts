// Starts while no descriptor is left, logs, and lets go of them when it is told to on standard input.
import { closeSync, openSync } from 'node:fs';
import { init } from 'otel-setup';

const held: number[] = [];
try {
  for (;;) held.push(openSync('/dev/null', 'r'));
} catch {
  // EMFILE: that is what it is for.
}
const { logger, flush, stats } = init();
for (let id = 0; id < 20; id++) logger.info('scarce', { id });
await flush(1_000);
process.stdout.write('ready\n');
process.stdin.once('data', async () => {
  for (const fd of held) closeSync(fd);
  while (stats().pending > 0) await flush(1_000);
  process.stdin.destroy();
});
