import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { billedBytes, streamOf } from './deliver/billed-bytes.ts';
import { encodeDefinition } from './encode/encode-definition.ts';
import { RecordEncoder } from './encode/encode-record.ts';
import type { Batch } from './record/batch.ts';
import type { LogRecord } from './record/log-record.ts';

const definition = encodeDefinition(
  resourceFromAttributes({ 'service.name': 'shop', 'host.name': 'h', 'process.pid': 7 }),
  { name: 'winston' },
);
const sharedBytes = 'host_name'.length + 1 + 'process_pid'.length + 1 + 'scope_name'.length + 7;

function batchOf(records: readonly LogRecord[]): Batch {
  const encoder = new RecordEncoder();
  const parts = records.map((record) =>
    Buffer.from(encoder.bytes.subarray(0, encoder.encode(record))),
  );
  let at = 0;
  const starts = parts.map((part) => {
    at += part.length;
    return at - part.length;
  });
  return {
    bytes: Buffer.concat(parts),
    starts,
    ends: starts.map((start, i) => start + (parts[i]?.length ?? 0)),
    seqs: parts.map((_, i) => i + 1),
    definitions: parts.map(() => definition),
    count: parts.length,
  };
}

const plain: LogRecord = {
  hrTime: [1_700_000_000, 5],
  hrTimeObserved: [1_700_000_000, 5],
  severityNumber: 9,
  severityText: 'info',
  body: 'größer',
  attributes: {},
  droppedAttributesCount: 0,
};
const plainBytes =
  8 + 'observed_timestamp'.length + 19 + 'severity_number'.length + 1 + 'severity_text'.length + 4;

test('a record counts with its line and its metadata, the resource once a request', () => {
  assert.equal(billedBytes(batchOf([plain]), 0, 1), sharedBytes + plainBytes);
  assert.equal(billedBytes(batchOf([plain, plain, plain]), 0, 3), sharedBytes + 3 * plainBytes);
});

test('an attribute counts with its name as a label and its value as text', () => {
  const attributes: [LogRecord['attributes'], number][] = [
    [{ 'http..method': 'GET' }, 'http_methodGET'.length],
    [{ '5xx': true }, 'key_5xxtrue'.length],
    [{ n: -12 }, 'n-12'.length],
    [{ x: 1.5 }, 'x1.5'.length],
    [{ user: { id: 7, name: 'ann' } } as never, 'user_id7user_nameann'.length],
    [{ list: ['a', 1, { b: false }] } as never, 'list["a",1,{"b":false}]'.length],
  ];
  for (const [given, expected] of attributes) {
    const bytes = billedBytes(batchOf([{ ...plain, attributes: given }]), 0, 1);
    assert.equal(bytes - sharedBytes - plainBytes, expected, JSON.stringify(given));
  }
});

test('a large request is extrapolated from a part of its records', () => {
  const records = Array.from({ length: 1000 }, (_, i) => ({ ...plain, body: 'x'.repeat(i % 37) }));
  const batch = batchOf(records);
  let exact = sharedBytes;
  for (let i = 0; i < 1000; i++) exact += billedBytes(batch, i, i + 1) - sharedBytes;
  const estimate = billedBytes(batch, 0, 1000);
  assert.ok(Math.abs(estimate / exact - 1) < 0.02, `${estimate} for ${exact}`);
});

test('a stream is named by its index labels alone', () => {
  const of = (attributes: Record<string, string>) =>
    streamOf(encodeDefinition(resourceFromAttributes(attributes), { name: 'x' }));
  assert.equal(of({ 'service.name': 'a', 'host.name': 'h1' }), of({ 'service.name': 'a' }));
  assert.notEqual(of({ 'service.name': 'a' }), of({ 'service.name': 'b' }));
  assert.equal(
    of({ 'service.name': 'a', 'cloud.region': 'r' }),
    of({ 'cloud.region': 'r', 'service.name': 'a' }),
  );
});
