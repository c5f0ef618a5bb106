import assert from 'node:assert/strict';
import { test } from 'node:test';
import { greeting } from './greeting.ts';

test('the greeting says where, and what listening beyond this machine means', () => {
  const url = 'http://127.0.0.1:4318';
  const first = `Listening on ${url} (POST /v1/logs or /otlp/v1/logs).`;
  assert.deepEqual(greeting({ url, host: '127.0.0.1', isOpen: false }), [first]);
  const [, second] = greeting({ url, host: '0.0.0.0', isOpen: true });
  assert.match(second ?? '', /^0\.0\.0\.0 is more than this machine: whoever reaches it can send/);
});
