import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkShown, type ShownEntry, shownFields } from './check-shown.ts';
import { Checks } from './checks.ts';
import { ending, opening } from './expected.ts';
import type { Played } from './play.ts';

test('attributes are shown as Loki keeps them: flattened, as text, without the empty ones', () => {
  const fields = shownFields({
    'order.id': 'A-1',
    total: 33.2,
    gift: true,
    coupon: null,
    customer: { id: 7, address: { city: 'Ulm' } },
    '1st': 'x',
    bytes: new Uint8Array([1, 2, 3]),
  });
  assert.deepEqual(fields, {
    order_id: 'A-1',
    total: '33.2',
    gift: 'true',
    customer_id: '7',
    customer_address_city: 'Ulm',
    key_1st: 'x',
    bytes: 'AQID',
  });
});

const played: Played = {
  name: 'an order',
  requestId: 'r1',
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  startedMs: 0,
  endedMs: 0,
  records: [{ level: 'http', message: 'done', attributes: { items: [{ b: 1, a: 2 }] } }],
};
const resource = { 'service.name': 'shop' };
const source = { service_name: 'shop' };
const info = { severity_number: '9', severity_text: 'info', detected_level: 'info', ...source };

function entries(change: Record<string, string> = {}): ShownEntry[] {
  const own = {
    requestId: 'r1',
    severity_number: '7',
    severity_text: 'debug',
    detected_level: 'debug',
    winston_level: 'http',
    trace_id: played.traceId,
    span_id: played.spanId,
    items: '[{"a":2,"b":1}]',
    ...source,
    ...change,
  };
  return [
    { timestampNs: 3n, line: ending.message, fields: { ...info, signal: 'SIGTERM' } },
    { timestampNs: 2n, line: 'done', fields: own },
    { timestampNs: 1n, line: opening.message, fields: { ...info, host: '127.0.0.1' } },
  ];
}

test('entries that show what was logged pass, in whatever order they come', () => {
  const checks = new Checks();
  checkShown(entries(), [played], resource, checks);
  assert.deepEqual(checks.problems, []);
  assert.ok(checks.count > 20);
});

test('one altered field is found and named', () => {
  const checks = new Checks();
  checkShown(entries({ span_id: 'c'.repeat(16) }), [played], resource, checks);
  assert.equal(checks.problems.length, 1);
  assert.match(checks.problems[0] ?? '', /an order, "done": span_id/);
});

test('a missing entry is found', () => {
  const checks = new Checks();
  checkShown(entries().slice(0, 1), [played], resource, checks);
  assert.ok(checks.problems.length > 0);
});
