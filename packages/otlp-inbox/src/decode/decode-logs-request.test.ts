import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JsonLogsSerializer, ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer';
import { nowNs, plainRequest } from '../fixtures/otlp-json.ts';
import { attribute, field, logRecord, resourceLogs, varint } from '../fixtures/protobuf.ts';
import { decodeLogsRequest } from './decode-logs-request.ts';

type Stock = Parameters<typeof ProtobufLogsSerializer.serializeRequest>[0][number];

const protobuf = 'application/x-protobuf';
const json = 'application/json';

const attributes = {
  text: 'é 日本 😀',
  empty: '',
  yes: true,
  integer: 42,
  negative: -1,
  largest: Number.MAX_SAFE_INTEGER,
  least: Number.MIN_SAFE_INTEGER,
  double: 1.25,
  tiny: 1e-9,
  list: ['a', 1, false],
  nested: { deep: { deeper: [{ x: 1 }, null] }, 'a.b': 'c' },
  bytes: new Uint8Array([0, 1, 255]),
};

const scope = { name: 'shop', version: '1.2.3', schemaUrl: 'https://example.com/scope' };

function stock(fields: Partial<Stock> = {}): Stock {
  const resource = {
    attributes: { 'service.name': 'shop', pid: 7 },
    schemaUrl: 'https://example.com/resource',
  };
  return {
    hrTime: [1_700_000_000, 123_456_789],
    hrTimeObserved: [1_700_000_001, 1],
    severityNumber: 17,
    severityText: 'error',
    body: 'order failed',
    eventName: 'order.failed',
    spanContext: {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      traceFlags: 1,
    },
    attributes,
    droppedAttributesCount: 3,
    resource: resource as unknown as Stock['resource'],
    instrumentationScope: scope,
    ...fields,
  };
}

function both(records: Stock[]) {
  const one = ProtobufLogsSerializer.serializeRequest(records);
  const other = JsonLogsSerializer.serializeRequest(records);
  assert.ok(one && other);
  return { protobuf: decodeLogsRequest(one, protobuf), json: decodeLogsRequest(other, json) };
}

test('every field of a stock record is read, from protobuf and from JSON', () => {
  const decoded = both([stock()]);
  for (const logs of [decoded.protobuf, decoded.json]) {
    assert.equal(logs.length, 1);
    const [{ resource, scope: sent, records } = assert.fail()] = logs;
    assert.deepEqual(resource.attributes, { 'service.name': 'shop', pid: 7 });
    assert.equal(resource.schemaUrl, 'https://example.com/resource');
    assert.deepEqual(
      { name: sent.name, version: sent.version, schemaUrl: sent.schemaUrl },
      { name: 'shop', version: '1.2.3', schemaUrl: 'https://example.com/scope' },
    );
    const { bytes, ...record } = records[0] ?? assert.fail();
    assert.ok(bytes.length > 100);
    assert.deepEqual(record, {
      timeUnixNano: 1_700_000_000_123_456_789n,
      observedTimeUnixNano: 1_700_000_001_000_000_001n,
      severityNumber: 17,
      severityText: 'error',
      body: 'order failed',
      eventName: 'order.failed',
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      flags: 1,
      attributes,
      droppedAttributesCount: 3,
    });
  }
});

test('bodies of every type are read, from protobuf and from JSON', () => {
  for (const body of [
    'text',
    '',
    5,
    -1.5,
    true,
    ['a', 1],
    { a: { b: [1] } },
    new Uint8Array([9]),
  ]) {
    const decoded = both([stock({ body })]);
    for (const logs of [decoded.protobuf, decoded.json]) {
      assert.deepEqual(logs[0]?.records[0]?.body, body);
    }
  }
});

test('records keep their order, resource and scope', () => {
  const other = { ...scope, name: 'other' };
  const decoded = both([stock({ body: 'a' }), stock({ body: 'b', instrumentationScope: other })]);
  for (const logs of [decoded.protobuf, decoded.json]) {
    const found = logs.flatMap(({ scope: { name }, records }) =>
      records.map(({ body }) => `${name}: ${body}`),
    );
    assert.deepEqual(found, ['shop: a', 'other: b']);
  }
});

test('the bytes of a record are those that were sent', () => {
  const record = logRecord(5n, field(5, field(1, 'one'))).subarray(2);
  const [logs] = decodeLogsRequest(resourceLogs([], [field(2, record)]), protobuf);
  assert.deepEqual(Buffer.from(logs?.records[0]?.bytes ?? []), record);
});

test('an integer beyond 2^53 is a bigint, from protobuf and from JSON', () => {
  const value = field(
    5,
    Buffer.concat([Buffer.from([0x18]), Buffer.from('ffffffffffffffff7f', 'hex')]),
  );
  const [binary] = decodeLogsRequest(resourceLogs([], [logRecord(1n, value)]), protobuf);
  assert.equal(binary?.records[0]?.body, 9_223_372_036_854_775_807n);
  for (const intValue of ['"9223372036854775807"', '9223372036854775807']) {
    const text = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"intValue":${intValue}}}]}]}]}`;
    const [logs] = decodeLogsRequest(Buffer.from(text), json);
    assert.equal(logs?.records[0]?.body, 9_223_372_036_854_775_807n);
  }
});

test('a resource that follows its records, or comes in two parts, is one resource', () => {
  const records = field(2, logRecord(1n));
  const parts = [field(1, attribute(1, 'a', '1')), records, field(1, attribute(1, 'b', '2'))];
  const [logs] = decodeLogsRequest(field(1, Buffer.concat(parts)), protobuf);
  assert.deepEqual(logs?.resource.attributes, { a: '1', b: '2' });
});

test('fields that nobody knows are passed over', () => {
  const unknown = Buffer.concat([field(99, 'x'), varint(98 * 8), varint(300)]);
  const record = logRecord(1n, unknown, field(3, 'info'));
  const [logs] = decodeLogsRequest(Buffer.concat([unknown, resourceLogs([], [record])]), protobuf);
  assert.equal(logs?.records[0]?.severityText, 'info');
});

test('an attribute named __proto__ is an attribute', () => {
  const record = logRecord(1n, attribute(6, '__proto__', 'x'));
  const [logs] = decodeLogsRequest(resourceLogs([], [record]), protobuf);
  assert.deepEqual(Object.entries(logs?.records[0]?.attributes ?? {}), [['__proto__', 'x']]);
});

test('text that is no UTF-8 is read as far as it goes, and named in a resource', () => {
  const broken = Buffer.from([0x61, 0xff, 0x62]);
  const [logs] = decodeLogsRequest(
    resourceLogs([attribute(1, 'k', broken)], [logRecord(1n)]),
    protobuf,
  );
  assert.deepEqual(logs?.resource.attributes, { k: 'a\ufffdb' });
  assert.deepEqual(logs?.resource.invalidUtf8, ['k']);
});

test('every cut of a protobuf request is refused or leaves whole records', () => {
  const whole = resourceLogs([attribute(1, 'a', 'b')], [logRecord(1n, field(5, field(1, 'body')))]);
  for (let end = 1; end < whole.length; end++) {
    assert.throws(() => decodeLogsRequest(whole.subarray(0, end), protobuf), `cut at ${end}`);
  }
});

test('a wrong wire type, a wrong id or an illegal tag is refused', () => {
  const ids = resourceLogs([], [logRecord(1n, field(9, 'short'))]);
  assert.throws(() => decodeLogsRequest(ids, protobuf), /invalid length for TraceID/);
  assert.throws(() => decodeLogsRequest(Buffer.from([0x08, 1]), protobuf), /wrong wireType = 0/);
  assert.throws(() => decodeLogsRequest(Buffer.from([0, 0]), protobuf), /illegal tag/);
  assert.throws(() => decodeLogsRequest(Buffer.from([0x0b]), protobuf), /illegal wireType|wrong/);
});

test('nesting without end is refused, from protobuf and from JSON', () => {
  let value = field(1, 'x');
  let body: object = { stringValue: 'x' };
  for (let depth = 0; depth < 201; depth++) {
    value = field(5, field(1, value));
    body = { arrayValue: { values: [body] } };
  }
  const request = resourceLogs([], [logRecord(1n, field(5, value))]);
  assert.throws(() => decodeLogsRequest(request, protobuf), /exceeded max depth/);
  const text = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [{ body }] }] }] });
  assert.throws(() => decodeLogsRequest(Buffer.from(text), json), /exceeded max depth/);
});

// What a real Loki does with the same fields.
const jsonCases: [record: string, isTaken: boolean][] = [
  ['"body":{"doubleValue":null}', false],
  ['"body":{"doubleValue":"NaN"}', true],
  ['"body":{"doubleValue":"abc"}', false],
  ['"body":{"stringValue":5}', false],
  ['"body":{"stringValue":null}', true],
  ['"body":{"boolValue":"true"}', false],
  ['"body":{"intValue":1.5}', false],
  ['"body":{"intValue":null}', false],
  ['"body":{"intValue":9223372036854776000}', false],
  ['"body":{"bytesValue":"***"}', false],
  ['"body":null', true],
  ['"body":"text"', false],
  ['"body":{"fooValue":1}', true],
  ['"attributes":{}', false],
  ['"attributes":null', true],
  ['"timeUnixNano":null', false],
  ['"timeUnixNano":"-1"', false],
  ['"timeUnixNano":1.5', false],
  ['"traceId":"abcd"', false],
  [`"traceId":"${'z'.repeat(32)}"`, false],
  ['"flags":-1', false],
  ['"flags":"1"', true],
  ['"severityNumber":"SEVERITY_NUMBER_WARN2"', true],
  ['"severityNumber":"NOPE"', false],
  ['"severity_text":"info"', true],
  ['"whatever":{"a":[1]}', true],
];

test('JSON fields are taken and refused as Loki does', () => {
  for (const [record, isTaken] of jsonCases) {
    const text = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{${record}}]}]}]}`;
    const decode = () => decodeLogsRequest(Buffer.from(text), json);
    if (isTaken) assert.equal(decode()[0]?.records.length, 1, record);
    else assert.throws(decode, record);
  }
});

test('JSON that is no object is refused with what was expected and what came', () => {
  for (const [text, kind] of [
    ['[]', 'array'],
    ['[{"resourceLogs":[]}]', 'array'],
    ['1', 'number'],
    ['"logs"', 'string'],
  ] as const) {
    assert.throws(() => decodeLogsRequest(Buffer.from(text), json), {
      message: `request: expected {"resourceLogs": [...]}, got ${kind}`,
    });
  }
  assert.throws(() => decodeLogsRequest(Buffer.from('{"resourceLogs":[[]]}'), json), {
    message: 'resourceLogs: expected an object, got array',
  });
});

test('a severity by name has its number', () => {
  const text = plainRequest(['x'], nowNs()).replace(
    '"attributes":[]}]',
    '"severityNumber":"SEVERITY_NUMBER_WARN2"}]',
  );
  const [logs] = decodeLogsRequest(Buffer.from(text), json);
  assert.equal(logs?.records[0]?.severityNumber, 14);
});

test('another content type is refused by name', () => {
  assert.throws(
    () => decodeLogsRequest(Buffer.from('{}'), 'text/plain'),
    /content type: text\/plain is not supported/,
  );
});
