import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import type { Host } from './host.ts';
import { NaturalEnd } from './natural-end.ts';

test('a process that lives on while its end is sending has another natural end', async () => {
  const host = new EventEmitter();
  let [nowMs, pending, drains] = [0, 1, 0];
  const timer = { ref: () => timer, unref: () => timer };
  const end = new NaturalEnd({
    host: host as unknown as Host,
    clock: {
      now: () => nowMs,
      monotonic: () => nowMs,
      setTimeout: () => timer,
      clearTimeout: () => undefined,
    },
    budgetMs: 2_000,
    pending: () => pending,
    hasOrphans: () => false,
    replay: () => Promise.resolve(),
    mayDrain: () => true,
    drain: () => {
      drains++;
      nowMs += 100;
      pending = 0;
      return Promise.resolve();
    },
  });
  const over = async (): Promise<void> => {
    host.emit('beforeExit');
    await new Promise(setImmediate);
  };
  await over();
  pending = 1;
  await over();
  assert.deepEqual(
    [drains, end.leftMs],
    [1, 1_900],
    'what is logged meanwhile has the rest of the time',
  );
  nowMs += 3_000;
  await over();
  assert.equal(drains, 2);
});
