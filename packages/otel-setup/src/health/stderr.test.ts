import assert from 'node:assert/strict';
import type { writeSync } from 'node:fs';
import { test } from 'node:test';
import { writeStderr } from './stderr.ts';

/** A descriptor that does what it is told at each write: takes so many bytes, or fails. */
function descriptor(...turns: readonly (number | string)[]) {
  let text = '';
  const left = [...turns];
  const write = ((_fd: number, bytes: Buffer, at: number) => {
    const turn = left.length > 1 ? left.shift() : left[0];
    if (typeof turn === 'string') throw Object.assign(new Error(turn), { code: turn });
    const part = bytes.subarray(at, at + (turn ?? 0));
    text += part.toString();
    return part.length;
  }) as typeof writeSync;
  return { write, said: () => text };
}

test('a line is written whole, in parts and after a reader that lags', () => {
  const { write, said } = descriptor(3, 'EAGAIN', 'EAGAIN', 100);
  writeStderr('a notice', write);
  assert.equal(said(), 'a notice\n');
});

test('a reader that is gone, or stands still, is given up', () => {
  for (const code of ['EPIPE', 'EAGAIN']) {
    const { write, said } = descriptor(code);
    writeStderr('a notice', write);
    assert.equal(said(), '');
  }
});
