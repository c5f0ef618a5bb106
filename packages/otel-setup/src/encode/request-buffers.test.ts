import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RequestBuffers } from './request-buffers.ts';

test('memory that was given back is used again, for another length as well', () => {
  const buffers = new RequestBuffers();
  const first = buffers.take(900_000);
  buffers.give(first);
  const second = buffers.take(100_000);
  assert.equal(second.length, 100_000);
  assert.equal(second.buffer, first.buffer);
});

test('two requests under way share no memory', () => {
  const buffers = new RequestBuffers();
  assert.notEqual(buffers.take(900_000).buffer, buffers.take(900_000).buffer);
});

test('small and giant requests have memory of their own length', () => {
  const buffers = new RequestBuffers();
  for (const bytes of [0, 1_000, 2_000_000]) {
    const request = buffers.take(bytes);
    assert.equal(request.length, bytes);
    buffers.give(request);
    assert.notEqual(buffers.take(900_000).buffer, request.buffer);
  }
});
