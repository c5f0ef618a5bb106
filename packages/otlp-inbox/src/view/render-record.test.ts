import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoredRecord } from '../stored-record.ts';
import { jsonLine } from './json-line.ts';
import { renderRecord } from './render-record.ts';
import { renderRequest } from './render-request.ts';

const time = new Date(2026, 2, 1, 9, 5, 7, 42).getTime();

function record(fields: Partial<StoredRecord> = {}): StoredRecord {
  return {
    labels: { service_name: 'shop', cloud_region: 'ord' },
    metadata: {
      orderId: '42',
      trace_id: '0af7651916cd43dd8448eb211c80319c',
      span_id: 'b7ad6b7169203331',
      severity_text: 'info',
      host_name: 'h',
      detected_level: 'info',
    },
    line: 'order placed',
    level: 'info',
    timestampNs: BigInt(time) * 1_000_000n,
    record: {
      timeUnixNano: 1n,
      observedTimeUnixNano: 2n,
      severityNumber: 9,
      severityText: 'info',
      body: 'order placed',
      attributes: { orderId: 42, large: 2n ** 60n, raw: new Uint8Array([1]) },
      droppedAttributesCount: 0,
      flags: 0,
      traceId: '',
      spanId: '',
      eventName: '',
      bytes: new Uint8Array([1, 2]),
    },
    resource: {
      attributes: { 'host.name': 'h' },
      schemaUrl: '',
      invalidUtf8: [],
      bytes: new Uint8Array(),
    },
    scope: { name: 's', version: '', attributes: {}, droppedAttributesCount: 0, schemaUrl: '' },
    bytes: new Uint8Array([1, 2]),
    duplicate: false,
    requestNumber: 1,
    ...fields,
  };
}

const plain = { colour: false, metadata: false };

test('a record is time, level, service, line and what it brought itself', () => {
  assert.equal(
    renderRecord(record(), plain),
    '09:05:07.042 INFO  shop order placed orderId=42 trace_id=0af76519',
  );
});

test('a colour goes with the level', () => {
  const shown = renderRecord(record({ level: 'error' }), { colour: true, metadata: false });
  assert.ok(shown.includes('\u001b[31mERROR\u001b[0m'));
  const others = ['trace', 'debug', 'info', 'warn', 'critical', 'fatal'].map((level) =>
    renderRecord(record({ level }), { colour: true, metadata: false }),
  );
  assert.equal(new Set(others).size, 6);
});

test('without colour there is no escape sequence at all', () => {
  assert.ok(!renderRecord(record(), { colour: false, metadata: true }).includes('\u001b'));
});

test('levels that nobody knows are shown as they are', () => {
  assert.match(renderRecord(record({ level: 'silly' }), plain), / SILLY shop/);
  assert.match(renderRecord(record({ level: 'unknown' }), plain), / - {5}shop/);
  assert.match(renderRecord(record({ level: 'critical' }), plain), / CRIT {2}shop/);
});

test('one record is one line, whatever it contains', () => {
  const evil = 'a\nb\r\u001b[2Jc\u0000\u009b31m\u2028\u202e\u2066\ufeffd\u007f';
  const hostile = record({
    line: evil,
    level: evil,
    labels: { service_name: evil },
    metadata: { [evil]: evil, trace_id: evil },
    duplicate: true,
  });
  const shown = renderRecord(hostile, plain);
  assert.doesNotMatch(shown, /[\p{Cc}\u2028\u2029\u202e\u2066\ufeff]/u);
  assert.match(shown, /a\\nb\\r\\u001b\[2Jc\\u0000\\u009b31m\\u2028\\u202e\\u2066\\ufeffd\\u007f/);
  const wide = renderRecord(hostile, { colour: false, metadata: true }).split('\n');
  assert.equal(wide.length, 4);
});

test('a long line and long values are cut, with the number of characters that are missing', () => {
  const shown = renderRecord(record({ line: 'x'.repeat(2_100), metadata: {} }), plain);
  assert.ok(shown.endsWith('x… (100 more)'));
  const value = renderRecord(record({ metadata: { k: 'y'.repeat(100) } }), plain);
  assert.ok(value.endsWith(`k=${'y'.repeat(60)}…`));
});

test('many attributes are counted, not listed', () => {
  const metadata = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`k${n}`, 'v']));
  assert.match(renderRecord(record({ metadata }), plain), /k7=v \(4 more\)$/);
});

test('values with spaces or quotes are quoted', () => {
  const shown = renderRecord(record({ metadata: { a: 'x y', b: 'say "hi"' } }), plain);
  assert.ok(shown.endsWith('a="x y" b="say \\"hi\\""'));
});

test('metadata on demand shows labels and structured metadata beneath', () => {
  const shown = renderRecord(record(), { colour: false, metadata: true }).split('\n');
  assert.deepEqual(shown.slice(1, 4), [
    '    label    service_name = shop',
    '    label    cloud_region = ord',
    '    metadata orderId = 42',
  ]);
  assert.ok(shown.includes('    metadata trace_id = 0af7651916cd43dd8448eb211c80319c'));
});

test('a repeat and a date that does not exist are told', () => {
  assert.match(renderRecord(record({ duplicate: true }), plain), /\(again\)$/);
  const far = record({ timestampNs: 9_223_372_036_854_775_807n });
  assert.match(renderRecord(far, plain), /^\d\d:\d\d:\d\d\.854 /);
});

test('a line of JSON holds labels, metadata and what was sent', () => {
  const line = jsonLine(record());
  assert.ok(!line.includes('\n'));
  const { timestampNs, labels, metadata, level, record: sent, resource } = JSON.parse(line);
  assert.equal(timestampNs, String(BigInt(time) * 1_000_000n));
  assert.deepEqual([labels.service_name, metadata.orderId, level], ['shop', '42', 'info']);
  assert.deepEqual(sent.attributes, { orderId: 42, large: String(2n ** 60n), raw: 'AQ==' });
  assert.deepEqual(resource.attributes, { 'host.name': 'h' });
});

test('a request is shown when it did not go well', () => {
  const request = {
    n: 1,
    at: time,
    method: 'POST',
    path: '/v1/logs',
    headers: {},
    bodyBytes: 10,
    status: 204,
    message: '',
    stored: 1,
    duplicates: 0,
    rejected: 0,
  };
  assert.equal(renderRequest(request, false), undefined);
  const refused = { ...request, status: 400, message: 'too\nold', rejected: 2 };
  assert.equal(renderRequest(refused, false), '! POST /v1/logs: 400, 2 rejected, too\\nold');
  const cut = { ...request, status: 0, fault: 'cut' };
  assert.equal(renderRequest(cut, false), '! POST /v1/logs: no answer, fault cut');
  const hidden = { ...request, rejected: 3 };
  assert.equal(renderRequest(hidden, false), '! POST /v1/logs: 204, 3 rejected');
});
