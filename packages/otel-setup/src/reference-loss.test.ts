import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lossNotice } from './reference-loss.ts';

const origin = 'http://alloy:4318';
const settings = { endpoint: 'ALLOY_OTLP_ENDPOINT', credentials: 'ALLOY_OTLP_HEADERS' };
const told = (error: unknown) =>
  lossNotice(2, error, { names: { routeName: 'alloy', origin, settings } as never, secrets: [] });

test('a server that answers, again and again, is not told as one that cannot be reached', () => {
  const { code, message } = told(new Error('Export failed with retryable status'));
  assert.equal(code, 'OTEL_SETUP_SERVER_ERROR');
  assert.match(message, /HTTP 429, 502, 503 or 504.*given up 2 records/);
});

test('what has a status or a code of Node is told by it', () => {
  const refused = Object.assign(new Error('no'), { code: 'ECONNREFUSED' });
  assert.equal(told(refused).code, 'OTEL_SETUP_UNREACHABLE');
  const denied = Object.assign(new Error('no'), { code: 401, data: 'invalid token' });
  assert.equal(told(denied).code, 'OTEL_SETUP_UNAUTHORIZED');
});
