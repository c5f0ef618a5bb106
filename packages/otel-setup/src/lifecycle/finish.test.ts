import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Timer } from '../world.ts';
import { Finish, type FinishOptions } from './finish.ts';

// Time stands still until the test moves it; each step lets all promises run first.
function fakeTime() {
  let timeMs = 0;
  let alive = 0;
  const timers = new Map<Timer, { at: number; run: () => void }>();
  const clock = {
    now: () => timeMs,
    monotonic: () => timeMs,
    setTimeout: (run: () => void, delayMs: number) => {
      const timer = { ref: () => alive++, unref: () => assert.fail('the caller is waiting') };
      timers.set(timer, { at: timeMs + delayMs, run });
      return timer;
    },
    clearTimeout: (timer: Timer) => void timers.delete(timer),
  };
  const advance = async (byMs: number) => {
    const end = timeMs + byMs;
    for (;;) {
      await new Promise(setImmediate);
      const due = [...timers].filter(([, { at }]) => at <= end);
      const next = due.sort((a, b) => a[1].at - b[1].at)[0];
      if (next === undefined) break;
      timers.delete(next[0]);
      timeMs = Math.max(timeMs, next[1].at);
      next[1].run();
    }
    timeMs = end;
  };
  return { clock, advance, timers, kept: () => alive };
}

function setUp(options: Partial<FinishOptions> = {}) {
  const time = fakeTime();
  const state = { pending: 10, delivered: 100, stops: 0, drains: [] as number[] };
  const finish = new Finish({
    clock: time.clock,
    drain: (timeoutMs) => {
      state.drains.push(timeoutMs);
      state.delivered += state.pending;
      state.pending = 0;
      return Promise.resolve();
    },
    stop: () => {
      state.stops += 1;
      return Promise.resolve();
    },
    pending: () => state.pending,
    delivered: () => state.delivered,
    hasOrphans: () => false,
    replay: () => Promise.resolve(),
    ...options,
  });
  return { ...time, state, finish };
}

const blackHole = () => new Promise<never>(() => undefined);

test('flush resolves to what was delivered since its call and what is left', async () => {
  const { finish, state, timers } = setUp();
  assert.deepEqual(await finish.flush(), { delivered: 10, pending: 0 });
  assert.deepEqual(await finish.flush(), { delivered: 0, pending: 0 });
  assert.deepEqual(state.drains, [10_000]);
  assert.equal(timers.size, 0);
});

test('shutdown before a black hole resolves at its deadline, stops the sending and says what is left', async () => {
  const { finish, advance, state } = setUp({ drain: blackHole });
  let result: unknown;
  const shutdown = finish.shutdown(1000).then((value) => {
    result = value;
  });
  await advance(999);
  assert.equal(result, undefined);
  await advance(1);
  await shutdown;
  assert.deepEqual(result, { delivered: 0, pending: 10 });
  assert.equal(state.stops, 1);
  assert.equal(finish.left, 10);
});

test('shutdown resolves 50 ms late at most where stopping hangs as well', async () => {
  const { finish, advance } = setUp({ drain: blackHole, stop: blackHole });
  const shutdown = finish.shutdown(1000);
  await advance(1050);
  assert.deepEqual(await shutdown, { delivered: 0, pending: 10 });
});

test('a second shutdown gets the promise of the first, whatever its deadline', async () => {
  const { finish, state } = setUp();
  const first = finish.shutdown();
  assert.equal(finish.shutdown(1), first);
  await first;
  assert.equal(finish.shutdown(), first);
  assert.equal(state.stops, 1);
  assert.deepEqual(state.drains, [4000]);
});

test('a shutdown is not held up by an earlier flush beyond its own deadline', async () => {
  const { finish, advance } = setUp({ drain: blackHole });
  const flush = finish.flush(10_000);
  const shutdown = finish.shutdown(1000);
  await advance(1000);
  assert.deepEqual(await shutdown, { delivered: 0, pending: 10 });
  await advance(9000);
  assert.deepEqual(await flush, { delivered: 0, pending: 10 });
});

test('a flush waits for the one before it, and both count what came since their call', async () => {
  const ends: (() => void)[] = [];
  const drain = () => new Promise<void>((resolve) => void ends.push(resolve));
  const { finish, advance, state } = setUp({ drain });
  const first = finish.flush();
  const second = finish.flush();
  await advance(10);
  assert.equal(ends.length, 1);
  state.delivered += 10;
  state.pending = 0;
  ends[0]?.();
  assert.deepEqual(await first, { delivered: 10, pending: 0 });
  assert.deepEqual(await second, { delivered: 10, pending: 0 });
});

test('shutdown waits for what dead processes left, for two seconds and within its own time', async () => {
  for (const [timeoutMs, waitMs] of [
    [4000, 2000],
    [1000, 1000],
  ] as const) {
    const { finish, advance, state } = setUp({ hasOrphans: () => true, replay: blackHole });
    const shutdown = finish.shutdown(timeoutMs);
    await advance(waitMs - 1);
    assert.equal(state.stops, 0);
    await advance(1);
    assert.deepEqual(await shutdown, { delivered: 10, pending: 0 });
    assert.equal(state.stops, 1);
  }
});

test('shutdown does not wait for them where its own records could not be sent', async () => {
  const replay = () => assert.fail('a replay');
  const drain = () => Promise.resolve();
  const { finish } = setUp({ drain, hasOrphans: () => true, replay });
  assert.deepEqual(await finish.shutdown(), { delivered: 0, pending: 10 });
});

test('after shutdown a flush sends nothing more', async () => {
  const { finish, state } = setUp();
  await finish.shutdown();
  state.pending = 3;
  assert.deepEqual(await finish.flush(), { delivered: 0, pending: 3 });
  assert.equal(state.drains.length, 1);
});

test('neither rejects where the sending throws or rejects', async () => {
  const throwing = () => {
    throw new Error('broken');
  };
  for (const drain of [throwing, () => Promise.reject(new Error('broken'))]) {
    const { finish } = setUp({ drain, stop: throwing });
    assert.deepEqual(await finish.flush(), { delivered: 0, pending: 10 });
    assert.deepEqual(await finish.shutdown(), { delivered: 0, pending: 10 });
  }
});

test('a timeout that is no number means the default, one beyond the longest timer means the longest', async () => {
  for (const [given, used] of [
    [Number.NaN, 10_000],
    [-1, 10_000],
    ['5', 10_000],
    [Number.POSITIVE_INFINITY, 2 ** 31 - 1],
    [7, 7],
  ] as const) {
    const { finish, state } = setUp();
    await finish.flush(given as number);
    assert.deepEqual(state.drains, [used]);
  }
});

test('whoever waits keeps the process alive', async () => {
  const { finish, advance, kept } = setUp({ drain: blackHole });
  const flush = finish.flush(100);
  await advance(1);
  assert.ok(kept() > 0);
  await advance(99);
  await flush;
});
