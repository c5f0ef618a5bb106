// Logs values that break loggers, each followed by a plain record; then as many random ones as it is told.

import { writeSync } from 'node:fs';
import fc from 'fast-check';
import { init } from 'otel-setup';

const { logger, flush, stats } = init();
const throwing = (): never => {
  throw new Error('no');
};
const revoked = Proxy.revocable({}, {});
revoked.revoke();
const cyclic: Record<string, unknown> = {};
cyclic.self = { again: cyclic };
const deep: Record<string, unknown> = {};
let at = deep;
for (let i = 0; i < 10_000; i++) at = at.d = {} as Record<string, unknown>;

const hostile: readonly unknown[] = [
  {
    get bad() {
      return throwing();
    },
  },
  { toJSON: throwing },
  { [Symbol.toPrimitive]: throwing, toString: throwing, valueOf: throwing },
  new Proxy({}, { ownKeys: throwing, get: throwing, getPrototypeOf: throwing, has: throwing }),
  revoked.proxy,
  cyclic,
  deep,
  Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, i])),
  Array.from({ length: 100_000 }, (_, i) => ({ i })),
  'x'.repeat(10_000_000),
  Array(2 ** 31),
  2n ** 4_000n,
  Symbol('s'),
  new Date(Number.NaN),
  '\ud800 lone \udfff',
  Object.freeze({ frozen: Object.freeze([1]) }),
  Object.defineProperty(new Error('e', { cause: cyclic }), 'more', {
    get: throwing,
    enumerable: true,
  }),
  new Error('e', { cause: revoked.proxy }),
  new Map([[cyclic, deep]]),
];
const random = fc.sample(
  fc.anything({
    maxDepth: 4,
    ...{ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true },
    ...{ withNullPrototype: true, withObjectString: true, withSparseArray: true },
    withBoxedValues: true,
  }),
  { numRuns: Number(process.env.FUZZ), seed: Number(process.env.SEED) },
);

const values = [...hostile, ...random];
for (const [n, value] of values.entries()) {
  logger.info('value', { n, value });
  logger.info({ message: value, n } as never);
  logger.info('next', { n });
  // A turn of the loop, for those who have time.
  if (n % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
}
await flush(60_000);
const { accepted, delivered, dropped } = stats();
writeSync(
  1,
  `${JSON.stringify({ hostile: hostile.length, values: values.length, accepted, delivered, dropped })}\n`,
);
