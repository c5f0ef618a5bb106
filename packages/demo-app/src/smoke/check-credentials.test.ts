import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestEntry } from 'otlp-inbox';
import { alloyHeader, direct, type Route } from '../environment.ts';
import { checkCredentials } from './check-credentials.ts';
import { Checks } from './checks.ts';

const basic = `Basic ${Buffer.from(`${direct.username}:${direct.password}`).toString('base64')}`;

function problems(route: Route, path: string, headers: Record<string, string>): string[] {
  const checks = new Checks();
  const request = { n: 1, method: 'POST', path, headers } as unknown as RequestEntry;
  checkCredentials(route, [request], checks);
  return checks.problems;
}

test('requests with their own credentials pass', () => {
  assert.deepEqual(problems('direct', '/otlp/v1/logs', { authorization: basic }), []);
  assert.deepEqual(problems('alloy', '/v1/logs', { [alloyHeader.name]: alloyHeader.value }), []);
});

test('credentials of the other route are found wherever they stand', () => {
  const own = { [alloyHeader.name]: alloyHeader.value };
  const found = problems('alloy', '/v1/logs', { ...own, authorization: basic });
  assert.match(found.join(), /credentials of the other route/);
  const plain = problems('alloy', '/v1/logs', { ...own, 'x-note': `key ${direct.password}` });
  assert.match(plain.join(), /credentials of the other route/);
  const header = problems('direct', '/otlp/v1/logs', { authorization: basic, ...own });
  assert.match(header.join(), /credentials of the other route/);
});

test('missing credentials are found, and so is a route without requests', () => {
  assert.match(problems('direct', '/otlp/v1/logs', {}).join(), /its own credentials/);
  const checks = new Checks();
  checkCredentials('direct', [], checks);
  assert.equal(checks.problems.length, 1);
});
