// A process that logs: numbered records at a steady rate. After each call the number stands in a file, so that
// it is known from outside what was accepted, whatever becomes of the process. Arguments: its name, the first number,
// records per second, the file.
import { openSync, readdirSync, writeSync } from 'node:fs';
import { init } from 'otel-setup';
import type { Ledger, Sample } from './sample.ts';

const [writer = '', first = '0', rate = '1000', control = ''] = process.argv.slice(2);
const { logger, stats, flush, shutdown } = init();
const file = openSync(control, 'r+');
const slot = Buffer.alloc(8);
const started = performance.now();
let logged = 0;

const logging = setInterval(() => {
  const due = ((performance.now() - started) / 1_000) * Number(rate);
  for (; logged < due; logged++) {
    const nr = Number(first) + logged;
    logger.info(`order ${nr} placed`, {
      writer,
      nr,
      path: `/orders/${nr}/items`,
      user: { id: nr % 997, tags: ['a', 'b'] },
      ms: nr / 8,
    });
    slot.writeDoubleLE(nr);
    writeSync(file, slot, 0, 8, 0);
  }
}, 5);

function ledger(): Ledger {
  const { accepted, adopted, delivered, dropped, pending } = stats();
  return { accepted, delivered, pending, dropped, adopted };
}

function sample(isFinal: boolean): Sample {
  const resources = process.getActiveResourcesInfo();
  const timers = resources.filter((name) => name === 'Timeout' || name === 'Immediate').length;
  const { external, heapUsed, rss } = process.memoryUsage();
  return {
    writer,
    isFinal,
    rss,
    heap: heapUsed,
    external,
    handles: resources.length - timers,
    timers,
    descriptors: readdirSync('/proc/self/fd').length,
    ledger: ledger(),
  };
}

const telling = setInterval(() => process.send?.(sample(false)), 1_000);

/** The soak was ended before its time. */
const end = (): never => process.exit();
process.once('disconnect', end);

process.once('message', async () => {
  process.off('disconnect', end);
  clearInterval(logging);
  clearInterval(telling);
  // A flush is about the process's own records: it does not wait for those of earlier ones.
  for (let left = 1; left > 0; left = stats().pending + stats().adopted.pending) {
    await flush(500);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  await shutdown();
  process.send?.(sample(true), () => process.disconnect());
});
