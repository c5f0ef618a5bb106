// Logs random records, every fourth of them with a hostile value (their number and the seed are arguments), and prints the
// ledger.
import fc from 'fast-check';
import { init } from 'otel-setup';
import { anyGiant, anyValue } from '../values/hostile.ts';

const { logger, flush, stats } = init();
const [count, seed] = process.argv.slice(2).map(Number);
const fields = fc.object({
  key: fc.string({ unit: 'binary', maxLength: 12 }),
  maxDepth: 3,
  maxKeys: 8,
  values: [
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.double(),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.bigInt(),
    fc.date({ noInvalidDate: false }),
    fc.uint8Array({ maxLength: 20 }),
  ],
});
const hostile = fc.oneof({ weight: 50, arbitrary: anyValue }, { weight: 1, arbitrary: anyGiant });
const text = fc.string({ unit: 'binary', maxLength: 200 });
for (const [i, [message, meta, recipe]] of fc
  .sample(fc.tuple(text, fields, hostile), { numRuns: count ?? 100, seed: seed ?? 1 })
  .entries()) {
  if (i % 4 > 0) {
    logger.info(message, { ...meta, nr: i });
  } else {
    logHostile(i % 16, recipe(), i);
  }
  if (i % 500 === 0) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
await flush(30_000);
process.stdout.write(`${JSON.stringify(stats())}\n`);

function logHostile(way: number, value: unknown, nr: number): void {
  switch (way) {
    case 0:
      logger.info('hostile', { nr, value });
      break;
    case 4:
      logger.info(value as never);
      break;
    case 8:
      logger.info('hostile', value as never);
      break;
    default:
      logger.error('hostile', { nr }, value);
  }
}
