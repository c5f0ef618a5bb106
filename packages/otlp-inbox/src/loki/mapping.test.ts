// The expectations were read from a Loki (main, after 3.7.6) that was sent the same requests.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeLogsRequest } from '../decode/decode-logs-request.ts';
import { logsRequest, type Sent, type SentRecord } from '../fixtures/otlp-json.ts';
import { attribute, logRecord, resourceLogs } from '../fixtures/protobuf.ts';
import { mapEntries } from './map-entries.ts';

const time = 1_700_000_000_000_000_000n;

function mapped(records: readonly SentRecord[], resource: Sent = { 'service.name': 'shop' }) {
  const timed = records.map((record) => ({ time, ...record }));
  const logs = decodeLogsRequest(Buffer.from(logsRequest(resource, timed)), 'application/json');
  return mapEntries(logs, Date.now(), 'loki');
}

function metadataOf(attributes: Sent, raw = {}, resource?: Sent) {
  const [entry] = mapped([{ attributes, raw }], resource);
  const { detected_level: _, ...metadata } = entry?.metadata ?? assert.fail();
  return metadata;
}

test('attribute names become label names', () => {
  const names = {
    'http.request.method': 'http_request_method',
    'a--b__c': 'a_b_c',
    '1abc': 'key_1abc',
    __name__: '__name__',
    '__a.b__': '__a_b__',
    _x: '_x',
    x_: 'x_',
    CamelCase: 'CamelCase',
    né: 'n_',
    日a: '_a',
    'a b': 'a_b',
    9: 'key_9',
  };
  for (const [sent, stored] of Object.entries(names)) {
    assert.deepEqual(metadataOf({ [sent]: 'x' }), { [stored]: 'x' }, sent);
  }
});

test('a name without an ASCII letter or digit refuses the request', () => {
  for (const name of ['', '---', '日本語', '____', '_']) {
    assert.throws(() => metadataOf({ [name]: 'x' }), /^NameError: symbolizer lookup: /, name);
    assert.throws(() => metadataOf({}, {}, { [name]: 'x' }), /^NameError/, name);
  }
  assert.throws(() => metadataOf({ '': 'x' }), {
    message: 'symbolizer lookup: label name is empty',
  });
  assert.throws(() => metadataOf({ '---': 'x' }), {
    message: 'symbolizer lookup: normalization for label name "---" resulted in invalid name "_"',
  });
});

test('values are printed as Loki prints them', () => {
  const values: [sent: Sent, stored: Record<string, string>][] = [
    [{ v: 42n }, { v: '42' }],
    [{ v: 9_007_199_254_740_993n }, { v: '9007199254740993' }],
    [{ v: 1.5 }, { v: '1.5' }],
    [{ v: 2 }, { v: '2' }],
    [{ v: 1e21 }, { v: '1e+21' }],
    [{ v: 1e-7 }, { v: '1e-7' }],
    [{ v: 1e-6 }, { v: '0.000001' }],
    [{ v: Number.NaN }, { v: 'NaN' }],
    [{ v: -Infinity }, { v: '-Infinity' }],
    [{ v: false }, { v: 'false' }],
    [{ v: new Uint8Array([1, 2, 255]) }, { v: 'AQL/' }],
    [{ v: [1n, 'a', null, { z: 1n, a: 2n }] }, { v: '[1,"a",null,{"a":2,"z":1}]' }],
    [{ v: ['\u2028<>&"\\\u0001\b'] }, { v: '["\\u2028<>&\\"\\\\\\u0001\\b"]' }],
    [{ v: [] }, { v: '[]' }],
    [{ v: { b: { c: 1n }, 'x.y': 'z' } }, { v_b_c: '1', v_x_y: 'z' }],
    [{ v: {} }, {}],
    [{ v: [Number.NaN] }, {}],
    [{ v: null }, {}],
    [{ v: '' }, {}],
  ];
  for (const [sent, stored] of values) assert.deepEqual(metadataOf(sent), stored);
});

test('the line is the body', () => {
  const bodies: [sent: SentRecord['body'], line: string][] = [
    ['text', 'text'],
    [42n, '42'],
    [true, 'true'],
    [{ b: 1n, a: [1n, { x: null }] }, '{"a":[1,{"x":null}],"b":1}'],
    [new Uint8Array([1, 2, 3]), 'AQID'],
    [{ x: Number.NaN }, ''],
    ['', ''],
    [undefined, ''],
  ];
  for (const [body, line] of bodies) {
    const [entry] = mapped([body === undefined ? {} : { body }]);
    assert.equal(entry?.line, line);
  }
});

test('of names that meet the last one shows, and none where one value is empty', () => {
  assert.deepEqual(
    metadataOf([
      ['user.id', 'dot'],
      ['user_id', 'under'],
    ]),
    { user_id: 'under' },
  );
  const resource = { 'service.name': 'shop', 'host.name': 'res', 'os.type': '' };
  assert.deepEqual(metadataOf({ 'host.name': 'own' }, {}, resource), { host_name: 'res' });
  assert.deepEqual(metadataOf({ 'os.type': 'own', 'host.name': '' }, {}, resource), {});
});

test('a name that a label has is shown as extracted', () => {
  const resource = { 'service.name': 'shop', 'cloud.region': 'ord' };
  assert.deepEqual(metadataOf({ service_name: 'mine', 'cloud.region': 'x' }, {}, resource), {
    service_name_extracted: 'mine',
    cloud_region_extracted: 'x',
  });
});

test('the fields of a record are metadata', () => {
  const raw = {
    observedTimeUnixNano: '5',
    severityNumber: 17,
    severityText: 'error',
    traceId: '0AF7651916CD43DD8448EB211C80319C',
    spanId: 'b7ad6b7169203331',
    flags: 1,
    droppedAttributesCount: 3,
    eventName: 'event',
  };
  assert.deepEqual(metadataOf({ event_name: 'attribute' }, raw), {
    observed_timestamp: '5',
    severity_number: '17',
    severity_text: 'error',
    trace_id: '0af7651916cd43dd8448eb211c80319c',
    span_id: 'b7ad6b7169203331',
    flags: '1',
    dropped_attributes_count: '3',
    event_name: 'event',
  });
  assert.deepEqual(metadataOf({}, { traceId: '0'.repeat(32), spanId: '0'.repeat(16) }), {});
});

test('the time is the timestamp, else the observed one, else now', () => {
  const nowMs = 1_700_000_000_123;
  const record = (raw: object) => logsRequest({}, [{ raw: { ...raw } }]);
  const timeOf = (raw: object) => {
    const logs = decodeLogsRequest(Buffer.from(record(raw)), 'application/json');
    return mapEntries(logs, nowMs, 'loki')[0]?.timestampNs;
  };
  assert.equal(timeOf({ timeUnixNano: '7', observedTimeUnixNano: '8' }), 7n);
  assert.equal(timeOf({ observedTimeUnixNano: '8' }), 8n);
  assert.equal(timeOf({}), BigInt(nowMs) * 1_000_000n);
});

test('eighteen resource attributes are index labels, the rest and the scope are metadata', () => {
  const scope = {
    name: 'lib',
    version: '1',
    attributes: [{ key: 'k', value: { stringValue: 'v' } }],
  };
  const resource = { 'service.name': 'shop', 'k8s.pod.name': 'pod', 'host.name': 'h', empty: '' };
  const text = logsRequest(resource, [{ time, body: 'x' }], scope);
  const [entry] = mapEntries(decodeLogsRequest(Buffer.from(text), 'application/json'), 0, 'loki');
  assert.deepEqual(entry?.labels, { k8s_pod_name: 'pod', service_name: 'shop' });
  assert.equal(entry?.stream, '{k8s_pod_name="pod", service_name="shop"}');
  assert.deepEqual(entry?.metadata, {
    host_name: 'h',
    k: 'v',
    scope_name: 'lib',
    scope_version: '1',
    detected_level: 'unknown',
  });
});

test('a service without a name is unknown, or called by its container or job', () => {
  const labels = (resource: Sent) => mapped([{}], resource)[0]?.labels;
  assert.deepEqual(labels({ 'host.name': 'h' }), { service_name: 'unknown_service' });
  assert.equal(labels({ 'k8s.job.name': 'j', 'k8s.container.name': 'c' })?.service_name, 'c');
  assert.equal(labels({ 'service.name': '', 'container.name': 'c' })?.service_name, 'c');
});

test('labels of other types are printed, maps become several', () => {
  const resource = {
    'service.name': 'shop',
    'service.namespace': 5n,
    'cloud.region': ['a', 1n],
    'k8s.pod.name': { x: { y: 'z' }, w: true },
  };
  assert.deepEqual(mapped([{}], resource)[0]?.labels, {
    cloud_region: '["a",1]',
    k8s_pod_name_w: 'true',
    k8s_pod_name_x_y: 'z',
    service_name: 'shop',
    service_namespace: '5',
  });
});

test('a label that is no UTF-8 drops its resource; metadata gets spaces', () => {
  const broken = Buffer.from([0x61, 0xff, 0x62]);
  const name = attribute(1, 'service.name', 'shop');
  const entries = (...attributes: Buffer[]) =>
    mapEntries(
      decodeLogsRequest(
        resourceLogs([name, ...attributes], [logRecord(time)]),
        'application/x-protobuf',
      ),
      0,
      'loki',
    );
  assert.equal(entries(attribute(1, 'cloud.region', broken)).length, 0);
  const [entry] = entries(attribute(1, 'host.name', broken));
  assert.equal(entry?.metadata.host_name, 'a b');
});
