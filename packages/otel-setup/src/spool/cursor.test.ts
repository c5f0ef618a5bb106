import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { CursorFile, cursorStart, readCursor, writeSlot } from './cursor.ts';
import { scratch } from './harness.test.ts';

const number = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const positions = fc.record({
  segment: number,
  offset: fc.integer({ min: 0, max: 0xffff_ffff }),
  seq: number,
  gapFrom: number,
  gapTo: number,
  given: number,
});

test('a cursor reads back the newest position, whatever was written before', (t) => {
  const root = scratch(t);
  let run = 0;
  fc.assert(
    fc.property(fc.array(positions, { minLength: 1, maxLength: 6 }), (list) => {
      const path = join(root, `cursor-${run++}`);
      const cursor = CursorFile.create(fs, path);
      for (const position of list) cursor.write(position);
      cursor.close();
      assert.deepEqual(readCursor(fs.readFileSync(path)), {
        ...list.at(-1),
        generation: list.length + 2,
      });
    }),
    { numRuns: 50 },
  );
});

test('a cursor with a torn slot falls back to the other one', (t) => {
  const path = join(scratch(t), 'cursor');
  const cursor = CursorFile.create(fs, path);
  cursor.write({ ...cursorStart, seq: 5 });
  cursor.write({ ...cursorStart, seq: 9 });
  cursor.close();
  const whole = fs.readFileSync(path);
  const isNewerAt = readCursor(whole.subarray(0, 64))?.seq === 9 ? 0 : 4096;
  const torn = Buffer.from(whole);
  torn.fill(0, isNewerAt + 20, isNewerAt + 40);
  assert.equal(readCursor(torn)?.seq, 5);
  const other = Buffer.from(whole);
  other.fill(0xff, 4096 - isNewerAt, 4096 - isNewerAt + 64);
  assert.equal(readCursor(other)?.seq, 9);
});

test('a cursor with both slots damaged, or none, says nothing', () => {
  assert.equal(readCursor(Buffer.alloc(0)), undefined);
  assert.equal(readCursor(Buffer.alloc(8192)), undefined);
  assert.equal(readCursor(Buffer.alloc(4160, 0xff)), undefined);
});

test('a slot has each field where the format says', () => {
  const slot = Buffer.alloc(64, 0xee);
  writeSlot(slot, { segment: 3, offset: 77, seq: 1000, gapFrom: 5, gapTo: 6, given: 7 }, 2 ** 40);
  assert.equal(slot.toString('latin1', 0, 4), 'OTLC');
  assert.equal(slot.readUInt32LE(4), 77);
  const numbers = [8, 16, 24, 32, 40, 48].map((at) => Number(slot.readBigUInt64LE(at)));
  assert.deepEqual(numbers, [2 ** 40, 3, 1000, 5, 6, 7]);
  assert.ok(slot.subarray(56, 60).every((byte) => byte === 0));
  assert.equal(slot.readUInt32LE(60), crc32(slot.subarray(0, 60)));
});
