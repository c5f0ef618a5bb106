import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BackOff, longestMs } from './back-off.ts';
import { Bisection } from './bisection.ts';

interface Run {
  readonly found: number[];
  readonly passed: number[];
  readonly requests: number;
}

function bisect(count: number, poisons: ReadonlySet<number>): Run {
  const bisection = new Bisection(0, count);
  const found: number[] = [];
  const passed: number[] = [];
  let requests = 1;
  for (;;) {
    const { culprit } = bisection;
    if (culprit !== undefined) {
      found.push(culprit);
      bisection.closeCulprit();
      continue;
    }
    const range = bisection.next();
    if (range === undefined) return { found, passed, requests };
    requests += 1;
    const records = Array.from({ length: range.to - range.from }, (_, i) => range.from + i);
    if (records.some((index) => poisons.has(index))) bisection.refused();
    else {
      passed.push(...records);
      bisection.passed();
    }
  }
}

test('every poison is found, everything else passes once, and both in order', () => {
  const histories = fc
    .integer({ min: 1, max: 300 })
    .chain((count) =>
      fc.tuple(
        fc.constant(count),
        fc.uniqueArray(fc.integer({ min: 0, max: count - 1 }), { minLength: 1, maxLength: count }),
      ),
    );
  fc.assert(
    fc.property(histories, ([count, list]) => {
      const poisons = new Set(list);
      const { found, passed } = bisect(count, poisons);
      const all = Array.from({ length: count }, (_, i) => i);
      assert.deepEqual(
        found,
        all.filter((index) => poisons.has(index)),
      );
      assert.deepEqual(
        passed,
        all.filter((index) => !poisons.has(index)),
      );
    }),
  );
});

test('one poison in 1,000 costs at most 12 requests, a thousand at most 2,007', () => {
  for (let index = 0; index < 1000; index += 1) {
    assert.ok(bisect(1000, new Set([index])).requests <= 12);
  }
  const all = new Set(Array.from({ length: 1000 }, (_, i) => i));
  assert.ok(bisect(1000, all).requests <= 2007);
});

test('a back-off stays between its bounds, and what the server asks for wins', () => {
  const cases = fc.record({
    random: fc.double({ min: 0, max: 0.999, noNaN: true }),
    failures: fc.integer({ min: 0, max: 2000 }),
    serverMs: fc.option(fc.integer({ min: 1, max: 900_000 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(cases, ({ random, failures, serverMs }) => {
      const backOff = new BackOff(() => random);
      for (let i = 0; i < failures; i += 1) backOff.next(undefined, longestMs);
      const waitMs = backOff.next(serverMs, longestMs);
      assert.ok(waitMs >= 250);
      if (serverMs === undefined) assert.ok(waitMs <= Math.max(600, 500 * 2 ** failures));
      if (serverMs === undefined) assert.ok(waitMs <= 30_000);
      else assert.ok(waitMs <= Math.max(600, serverMs * 1.05) && waitMs >= serverMs);
    }),
  );
});
