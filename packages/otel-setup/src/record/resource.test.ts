import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitResource, fitScope, indexLabels, limitsFor } from './resource.ts';

const resource = (attributes: Record<string, unknown>) => fitResource(Object.entries(attributes));
const configured = { attributeCount: 128, attributeValueLength: Number.POSITIVE_INFINITY };

test('a usual resource stays as it is, and its copies are counted', () => {
  const attributes = { 'service.name': 'shop', 'cloud.region': 'fra', 'service.version': '1' };
  assert.deepEqual(resource(attributes), {
    attributes,
    changed: [],
    copies: { entries: 1, bytes: 'service_version'.length + 4 + 1, names: ['service_version'] },
  });
});

test('values of index labels are texts of 2,048 bytes at most, without the replacement character', () => {
  const { attributes, changed } = resource({
    'service.name': 'ü'.repeat(1_025),
    'k8s.pod.name': 'a\ud800b\ufffd',
    'cloud.region': { a: 1 },
    'container.name': 'fine',
  });
  assert.ok(Buffer.byteLength(String(attributes['service.name'])) <= 2_048);
  assert.equal(attributes['k8s.pod.name'], 'a?b?');
  assert.equal(attributes['cloud.region'], '{"a":1}');
  assert.deepEqual(changed, ['service.name', 'k8s.pod.name', 'cloud.region']);
});

test('of more index labels than Loki takes the least important ones become metadata', () => {
  const all = Object.fromEntries([...indexLabels].map((label) => [label, 'v']));
  const { attributes, changed } = resource(all);
  const labels = Object.keys(attributes).filter((key) => indexLabels.has(key));
  assert.equal(labels.length, 16);
  assert.deepEqual(changed, ['k8s.replicaset.name', 'deployment.environment']);
  assert.equal(attributes['meta.k8s.replicaset.name'], 'v');
  assert.equal(
    attributes['otel_setup.resource_changed'],
    'k8s.replicaset.name, deployment.environment',
  );
});

test('names that would hide those of every record get another one', () => {
  const { attributes } = resource({ level: 'x', 'trace.id': 'y', '': 'z', 'a.b': 1, a_b: 2 });
  assert.deepEqual(attributes, {
    'meta.level': 'x',
    'meta.trace.id': 'y',
    key_empty: 'z',
    'a.b': 1,
    a_b_2: 2,
    'otel_setup.resource_changed': 'level, trace.id, key_empty, a_b -> a_b_2',
  });
});

test('a huge resource and a huge scope leave room for the record', () => {
  const many = Object.fromEntries(
    Array.from({ length: 300 }, (_, i) => [`k${i}`, 'x'.repeat(900)]),
  );
  const shared = resource({ ...many, huge: 'y'.repeat(100_000) });
  const scope = fitScope({
    name: 'n'.repeat(9_000),
    version: 'v'.repeat(9_000),
    attributes: many,
  });
  const limits = limitsFor([shared.copies, scope.copies], configured);
  assert.ok(limits.attributeCount >= 50, String(limits.attributeCount));
  assert.ok(limits.attributeBytes >= 40_000, String(limits.attributeBytes));
  assert.ok(Buffer.byteLength(scope.name) <= 1_024);
  assert.ok(limits.reserved.has('k0') && limits.reserved.has('trace_id'));
});

test('a name and a version of a scope that are no texts become some', () => {
  const scope = (name: unknown, version: unknown) => fitScope({ name, version } as never);
  const { name, version, changed } = scope({}, 2);
  assert.deepEqual([name, version, changed], ['[object Object]', '2', []]);
  assert.deepEqual([scope(null, null).name, scope(null, null).version], ['', undefined]);
});

test('values that no attribute can have throw nothing', () => {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const { attributes } = resource({
    cyclic,
    later: Promise.resolve(1),
    nothing: undefined,
    none: null,
    date: new Date(0),
  });
  assert.deepEqual(attributes, {
    cyclic: { self: '[Circular]' },
    date: '1970-01-01T00:00:00.000Z',
  });
});
