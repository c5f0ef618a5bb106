// Logs at a steady rate (arguments: records a second, records in all, 0 = without end) and tells once a second how it is.
import { init } from 'otel-setup';

const [rate = 1_000, total = 0] = process.argv.slice(2).map(Number);
const { logger, stats, shutdown } = init();
const payload = 'an ordinary line of an ordinary service, with what such a line holds';
const tickMs = 20;
const started = performance.now();
let id = 0;

const ticker = setInterval(() => {
  const due = Math.floor(((performance.now() - started) / 1_000) * rate);
  const end = total > 0 ? Math.min(due, total) : due;
  for (; id < end; id++) {
    logger.info(payload, { id, route: '/orders/:id', status: 200, durationMs: id % 250 });
  }
  if (total > 0 && id >= total) {
    clearInterval(ticker);
    process.stdout.write(`${JSON.stringify({ done: true, id })}\n`);
  }
}, tickMs);

setInterval(() => {
  const { pending, delivered, adopted, dropped } = stats();
  const { rss } = process.memoryUsage();
  process.stdout.write(`${JSON.stringify({ id, rss, pending, delivered, adopted, dropped })}\n`);
}, 1_000);

process.on('SIGTERM', async () => {
  clearInterval(ticker);
  await shutdown(120_000);
  process.stdout.write(`${JSON.stringify({ end: true, id, stats: stats() })}\n`);
  process.exit(0);
});
