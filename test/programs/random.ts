// Logs random records (their number and the seed are arguments) and prints the ledger.
import fc from 'fast-check';
import { init } from 'otel-setup';

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
const record = fc.tuple(fc.string({ unit: 'binary', maxLength: 200 }), fields);
for (const [i, [message, meta]] of fc
  .sample(record, { numRuns: count ?? 100, seed: seed ?? 1 })
  .entries()) {
  logger.info(message, { ...meta, nr: i });
  if (i % 500 === 0) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
await flush(30_000);
process.stdout.write(`${JSON.stringify(stats())}\n`);
