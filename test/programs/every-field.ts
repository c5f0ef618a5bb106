// Logs one record of every kind that has a field of its own, inside a span.
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { init } from 'otel-setup';

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
const { logger, loggerProvider, flush, shutdown, stats } = init({ level: 'silly' });
const run = process.argv[2] ?? 'run';
// In JSON a NaN makes Alloy and Loki refuse its whole batch.
const nan = process.argv[3] === 'json' ? 0 : Number.NaN;

const span = trace.wrapSpanContext({
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceFlags: 1,
});
context.with(trace.setSpan(context.active(), span), () => {
  logger.info('plain', { run, text: 'x', int: 42, big: 2 ** 53 - 1, float: 1.5, yes: true });
});
logger.info('nested', {
  run,
  user: { id: 7, tags: ['a', 'b'], address: { city: 'Köln' } },
  list: [1, 'two', false],
});
logger.info('values', {
  run,
  date: new Date(0),
  bigint: 5n,
  bytes: Buffer.from('hi'),
  nan,
  none: null,
});
for (const level of ['error', 'warn', 'info', 'http', 'verbose', 'debug', 'silly'] as const) {
  logger[level](`level ${level}`, { run });
}
const cause = new TypeError('the reason');
logger.error('failed', Object.assign(new RangeError('too far', { cause }), { code: 'E_FAR', run }));
logger.child({ run, requestId: 'r-1' }).info('from a child', { part: 'child' });
logger.info('named', { run, 'event.name': 'order.placed' });
logger.info('twin', { run });
logger.info('twin', { run });
loggerProvider.getLogger('other', '2.0.0').emit({
  body: 'from another source',
  severityNumber: 13,
  severityText: 'WARN',
  attributes: { run },
});
await flush();
process.stdout.write(`${JSON.stringify(stats())}\n`);
await shutdown();
