import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isoTime } from './iso-time.ts';

test('a time beyond all dates is told as its number', () => {
  assert.equal(isoTime(0), '1970-01-01T00:00:00.000Z');
  assert.equal(isoTime(8.64e15), '+275760-09-13T00:00:00.000Z');
  assert.equal(isoTime(9e15), '9000000000000000');
  assert.equal(isoTime(Number.NaN), 'NaN');
});

test('any other is told as Date tells it', () => {
  const ms = fc.oneof(
    fc.double({ min: -8.64e15, max: 8.64e15, noNaN: true }),
    fc.integer({ min: -5_000, max: 5_000 }),
  );
  fc.assert(
    fc.property(ms, (time) => {
      assert.equal(isoTime(time), new Date(time).toISOString());
    }),
  );
});
