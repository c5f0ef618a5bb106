import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LoggerProvider, type LogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { Notice } from './errors.ts';
import { guardProcessors, withGuests } from './guest-processors.ts';
import { realWorld } from './real-world.ts';

const { clock } = realWorld();
const nothing: LogRecordProcessor = {
  onEmit: () => undefined,
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};
const own = {
  flush: () => Promise.resolve({ delivered: 1, pending: 0 }),
  shutdown: () => Promise.resolve({ delivered: 0, pending: 2 }),
};

function guard(...processors: Partial<LogRecordProcessor>[]) {
  const notices: Notice[] = [];
  const notice = (told: Notice) => notices.push(told);
  const all = processors.map((processor) => ({ ...nothing, ...processor }));
  const guests = guardProcessors(all, notice);
  return { notices, guests, lifecycle: withGuests(own, guests, { clock, notice }) };
}

test('what a processor throws reaches neither the caller of emit() nor the processors after it', async () => {
  let seen = 0;
  const fail = () => {
    throw new Error('no');
  };
  const { guests, notices } = guard(
    { onEmit: fail },
    { onEmit: async () => Promise.reject(new Error('later')) },
    { enabled: fail },
    { onEmit: () => void seen++ },
  );
  const logger = new LoggerProvider({ processors: guests }).getLogger('shop');
  assert.equal(logger.enabled(), true);
  logger.emit({ body: 'order placed' });
  await new Promise(setImmediate);
  assert.equal(seen, 1);
  assert.deepEqual([...new Set(notices.map(({ code }) => code))], ['OTEL_SETUP_PROCESSOR']);
  assert.ok(notices.some(({ message }) => message.includes('Error: later')));
});

test('flush() and shutdown() take the processors along, each processor ends once', async () => {
  const calls: unknown[] = [];
  const { guests, lifecycle } = guard({
    forceFlush: async (options) => void calls.push(options?.timeoutMillis),
    shutdown: async () => void calls.push('shutdown'),
  });
  assert.deepEqual(await lifecycle.flush(700), { delivered: 1, pending: 0 });
  assert.deepEqual(await lifecycle.shutdown(), { delivered: 0, pending: 2 });
  assert.equal(lifecycle.shutdown(), lifecycle.shutdown());
  await new LoggerProvider({ processors: guests }).shutdown();
  assert.deepEqual(calls, [700, 'shutdown']);
});

test('a processor that hangs, or fails, costs no more than the time that was given', async () => {
  const { lifecycle, notices } = guard(
    { forceFlush: () => new Promise(() => undefined) },
    { forceFlush: () => Promise.reject(new Error('gone')) },
    { forceFlush: undefined as never, shutdown: undefined as never },
  );
  const before = performance.now();
  assert.deepEqual(await lifecycle.flush(50), { delivered: 1, pending: 0 });
  assert.ok(performance.now() - before < 1_000);
  assert.equal(notices.length, 1);
  assert.match(notices[0]?.message ?? '', /could not be flushed \(Error: gone\)/);
  await lifecycle.shutdown(50);
});
