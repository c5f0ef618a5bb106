// Logs every value that has broken a logger before, each between two plain records.
import { init } from 'otel-setup';

const { logger, flush, stats } = init();
const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;
const revoked = Proxy.revocable({}, {});
revoked.revoke();
const throwing = () => {
  throw new Error('no');
};
const values: unknown[] = [
  cyclic,
  revoked.proxy,
  new Proxy({}, { ownKeys: throwing, get: throwing }),
  {
    get bad() {
      return throwing();
    },
  },
  { toJSON: throwing },
  { toJSON: () => Promise.reject(new Error('no')) },
  { [Symbol.toPrimitive]: throwing, toString: throwing },
  2n ** 80n,
  Symbol('s'),
  Number.NaN,
  Number.NEGATIVE_INFINITY,
  new Date(Number.NaN),
  '\ud800 lone',
  'x'.repeat(10_000_000),
  Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, i])),
  JSON.parse('{"__proto__": {"polluted": true}}'),
  { '': 1, '---': 2, 日本語: 3 },
  Object.freeze({ frozen: true }),
  new Map<unknown, unknown>([[{}, 1]]),
  Object.create(null),
  new (class Odd {
    #x = 1;
    y = this.#x;
  })(),
];
const deep: Record<string, unknown> = {};
let at = deep;
for (let i = 0; i < 10_000; i++) {
  at = at.d = {} as Record<string, unknown>;
}
values.push(deep);

for (const [id, value] of values.entries()) {
  logger.info('before', { id });
  logger.info('hostile', { id, value });
  logger.info({ message: value, id } as never);
  logger.info(value as never);
  logger.info('after', { id });
}
await flush();
const polluted = ({} as Record<string, unknown>).polluted;
process.stdout.write(`${JSON.stringify({ values: values.length, polluted, stats: stats() })}\n`);
