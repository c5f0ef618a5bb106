// Logs values whose own keys are named like what every object inherits, then says what became of the prototypes.

import { writeSync } from 'node:fs';
import { init } from 'otel-setup';

const { logger, shutdown } = init();
const before = Object.getOwnPropertyNames(Object.prototype).join();

const hostile = [
  '{"__proto__":{"x":"polluted"}}',
  '{"constructor":{"prototype":{"x":"polluted"}}}',
  '{"prototype":{"x":"polluted"},"hasOwnProperty":1,"toString":"text","valueOf":2,"toJSON":3}',
  '{"deep":{"__proto__":{"x":"polluted"},"constructor":{"prototype":{"x":"polluted"}}}}',
  '{"list":[{"__proto__":{"x":"polluted"}},{"constructor":{"x":"polluted"}}]}',
  '{"__proto__":"text"}',
  '{"__proto__":null,"plain":1}',
].map((text) => JSON.parse(text) as Record<string, unknown>);

for (const [index, meta] of hostile.entries()) {
  logger.info('own keys', meta);
  logger.child(meta).info('own keys of a child');
  logger.info({ message: 'own keys of an info', index, nested: meta });
}
// What is inherited is nobody's own.
logger.info('inherited', Object.create({ x: 'polluted', inherited: true }));
await shutdown();

const facts = {
  polluted: ({} as { x?: unknown }).x ?? ([] as { x?: unknown }).x ?? null,
  isUntouched: before === Object.getOwnPropertyNames(Object.prototype).join(),
  logged: hostile.length * 3 + 1,
};
writeSync(1, `${JSON.stringify(facts)}\n`);
