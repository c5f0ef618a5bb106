// Statuses and texts were read from a Loki (main, after 3.7.6) that was sent the same requests.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import {
  logsRequest,
  nowNs,
  plainRequest,
  resourceLogs,
  type SentRecord,
} from '../fixtures/otlp-json.ts';
import { post } from '../fixtures/post.ts';
import { attribute, logRecord, resourceLogs as protobufLogs } from '../fixtures/protobuf.ts';
import { type Inbox, type InboxOptions, startInbox } from '../inbox.ts';

const nowMs = Date.parse('2026-03-01T12:00:00Z');
const now = BigInt(nowMs) * 1_000_000n;
const second = 1_000_000_000n;
const hour = 3600n * second;
const day = 24n * hour;

async function start(t: TestContext, options: InboxOptions = {}): Promise<Inbox> {
  const inbox = await startInbox({ port: 0, now: () => nowMs, ...options });
  t.after(() => inbox.close());
  return inbox;
}

const send = (inbox: Inbox, records: readonly SentRecord[], resource = {}) =>
  post(inbox, logsRequest({ 'service.name': 'shop', ...resource }, records));

const lines = (inbox: Inbox) => inbox.records.map(({ line }) => line);

test('a stored request is answered 204 without a body', async (t) => {
  const inbox = await start(t);
  for (const path of ['/v1/logs', '/otlp/v1/logs']) {
    const answer = await post(inbox, plainRequest(['x'], now), { path });
    assert.deepEqual([answer.status, answer.text, answer.contentType], [204, '', null]);
  }
});

test('a refusal is a google.rpc.Status as an octet stream', async (t) => {
  const inbox = await start(t);
  const answer = await send(inbox, [{ time: now - 8n * day, body: 'old' }]);
  assert.equal(answer.status, 400);
  assert.equal(answer.contentType, 'application/octet-stream');
  assert.equal(answer.body[0], 0x12);
  assert.equal(
    answer.text,
    `entry for stream '{service_name="shop"}' has timestamp too old: 2026-02-21T12:00:00Z, oldest acceptable timestamp is: 2026-02-22T12:00:00Z`,
  );
});

test('of a request with bad entries the rest is stored', async (t) => {
  const long = 'x'.repeat(262_145);
  const wide = Object.fromEntries(Array.from({ length: 128 }, (_, index) => [`k${index}`, '']));
  const cases: [bad: SentRecord, text: string][] = [
    [{ time: now - 7n * day - 1n }, 'has timestamp too old'],
    [
      { time: now + 601n * second },
      `entry for stream '{service_name="shop"}' has timestamp too new: 2026-03-01T12:10:01Z`,
    ],
    [
      { body: long },
      `max entry size '262144' bytes exceeded for stream '{service_name="shop"}' while adding an entry with length '262145' bytes`,
    ],
    [
      { attributes: { k: 'x'.repeat(65_536) } },
      `stream '{service_name="shop"}' has structured metadata too large: '65537' bytes, limit: '65536' bytes. Please see \`limits_config.max_structured_metadata_size\` or contact your Loki administrator to increase it`,
    ],
    [
      { attributes: wide, raw: { severityNumber: 9 } },
      `stream '{service_name="shop"}' has too many structured metadata labels: '129', limit: '128'. Please see \`limits_config.max_structured_metadata_entries_count\` or contact your Loki administrator to increase it`,
    ],
  ];
  for (const [bad, text] of cases) {
    const inbox = await start(t);
    const answer = await send(inbox, [
      { time: now, body: 'before' },
      { time: now, ...bad },
      { time: now + 1n, body: 'after' },
    ]);
    assert.equal(answer.status, 400);
    assert.ok(answer.text.startsWith(text) || answer.text.includes(text), answer.text);
    assert.deepEqual(lines(inbox), ['before', 'after']);
    assert.equal(inbox.requests[0]?.rejected, 1);
  }
});

test('what just fits is stored', async (t) => {
  const inbox = await start(t);
  const full = Object.fromEntries(Array.from({ length: 127 }, (_, index) => [`k${index}`, '']));
  const answer = await send(inbox, [
    { time: now, body: 'x'.repeat(262_144) },
    { time: now, attributes: { k: 'x'.repeat(65_535) } },
    { time: now, attributes: full, raw: { severityNumber: 9 } },
    { time: now + 600n * second, body: 'ahead' },
  ]);
  assert.deepEqual([answer.status, inbox.records.length], [204, 4]);
});

test('equal complaints are counted', async (t) => {
  const inbox = await start(t);
  const old = { time: now - 8n * day };
  const { text } = await send(inbox, [
    { ...old, body: 'a' },
    { ...old, body: 'b' },
  ]);
  assert.match(text, /^2 errors like: entry for stream/);
});

test('a label that is too long or one too many refuses its stream only', async (t) => {
  const good = resourceLogs({ 'service.name': 'good' }, [{ time: now, body: 'good' }]);
  const names =
    'service.namespace service.instance.id deployment.environment deployment.environment.name cloud.region cloud.availability_zone k8s.cluster.name k8s.namespace.name k8s.pod.name k8s.container.name container.name k8s.replicaset.name k8s.deployment.name k8s.statefulset.name k8s.daemonset.name k8s.cronjob.name';
  const many = Object.fromEntries(names.split(' ').map((name) => [name, 'v']));
  for (const [labels, text] of [
    [{ 'cloud.region': 'é'.repeat(1025) }, 'has label value too long'],
    [{ 'cloud.region': 'a\ufffdb' }, 'error: 1:15: parse error: invalid UTF-8 rune'],
    [many, 'has 16 label names; limit 15'],
  ] as const) {
    const inbox = await start(t);
    const bad = resourceLogs({ 'service.name': 'bad', ...labels }, [{ time: now, body: 'bad' }]);
    const answer = await post(inbox, JSON.stringify({ resourceLogs: [bad, good] }));
    assert.equal(answer.status, 400);
    assert.ok(answer.text.includes(text), answer.text);
    assert.deepEqual(lines(inbox), ['good']);
  }
});

test('one attribute without a usable name loses the whole request', async (t) => {
  const inbox = await start(t);
  const answer = await send(inbox, [
    { time: now, attributes: { '': 'x' } },
    { time: now, body: 'y' },
  ]);
  assert.deepEqual([answer.status, answer.text], [400, 'symbolizer lookup: label name is empty']);
  assert.deepEqual(lines(inbox), []);
});

test('a request without records is answered 422', async (t) => {
  const inbox = await start(t);
  for (const body of ['{}', '{"resourceLogs":[]}', logsRequest({}, []), Buffer.alloc(0)]) {
    const answer = await post(inbox, body);
    assert.equal(answer.status, 422);
    assert.equal(answer.text, 'error at least one valid stream is required for ingestion');
  }
});

test('a resource that is no UTF-8 vanishes behind a 204 when another is stored', async (t) => {
  const inbox = await start(t);
  const region = attribute(1, 'cloud.region', Buffer.from([0xff]));
  const bad = protobufLogs([attribute(1, 'service.name', 'bad'), region], [logRecord(now)]);
  const good = protobufLogs([attribute(1, 'service.name', 'good')], [logRecord(now)]);
  assert.equal((await post(inbox, Buffer.concat([bad, good]))).status, 204);
  assert.deepEqual(
    inbox.records.map(({ labels }) => labels.service_name),
    ['good'],
  );
  assert.equal(inbox.requests[0]?.rejected, 1);
  assert.equal((await post(inbox, bad)).status, 422);
});

test('content types and encodings are compared exactly', async (t) => {
  const inbox = await start(t);
  const body = plainRequest(['x'], now);
  const status = async (headers: Record<string, string>, sent: string | Buffer = body) =>
    (await post(inbox, sent, { headers })).status;
  const json = { 'content-type': 'application/json' };
  assert.equal(await status({ 'content-type': 'application/json; charset=utf-8' }), 400);
  assert.equal(await status({ 'content-encoding': 'identity' }), 400);
  assert.equal(await status({ 'content-encoding': 'br' }), 400);
  assert.equal(await status({ 'content-encoding': 'gzip' }), 400);
  assert.equal(await status({ ...json, 'content-encoding': 'gzip' }, gzipSync(body)), 204);
  assert.equal(await status({ ...json, 'content-encoding': 'zstd' }, zstdCompressSync(body)), 204);
});

test('bodies above a limit, as sent or unpacked, are answered 413', async (t) => {
  const inbox = await start(t, { limits: { maxBodyBytes: 1000, maxUnpackedBytes: 5000 } });
  const large = plainRequest(['x'.repeat(6000)], now);
  const asSent = await post(inbox, large);
  assert.deepEqual(
    [asSent.status, asSent.text],
    [413, `request body too large: message size too large than max (${large.length} vs 1000)`],
  );
  const headers = { 'content-encoding': 'gzip', 'content-type': 'application/json' };
  const packed = await post(inbox, gzipSync(large), { headers });
  assert.equal(packed.status, 413);
  assert.match(packed.text, /decompressed message size too large/);
  assert.deepEqual(
    inbox.requests.map(({ bodyBytes }) => bodyBytes),
    [large.length, gzipSync(large).length],
  );
});

test('an entry more than an hour behind its stream is refused, within a request too', async (t) => {
  const inbox = await start(t);
  const { status, text } = await send(inbox, [
    { time: now, body: 'new' },
    { time: now - hour - 1n, body: 'late' },
    { time: now - hour, body: 'edge' },
  ]);
  assert.equal(status, 400);
  assert.equal(
    text,
    `entry with timestamp 2026-03-01 10:59:59.999999999 +0000 UTC ignored, reason: 'entry too far behind, entry timestamp is: 2026-03-01T10:59:59Z, oldest acceptable timestamp is: 2026-03-01T11:00:00Z',\nuser 'fake', total ignored: 1 out of 3 for stream: {service_name="shop"}`,
  );
  assert.deepEqual(lines(inbox), ['new', 'edge']);
});

test('oldest first is fine', async (t) => {
  const inbox = await start(t);
  const records = [
    { time: now - 2n * hour, body: 'old' },
    { time: now, body: 'new' },
  ];
  assert.equal((await send(inbox, records)).status, 204);
});

test('a stream that was idle for half an hour has no window', async (t) => {
  let clock = nowMs;
  const inbox = await start(t, { now: () => clock });
  const late = [{ time: now - 2n * hour, body: 'late' }];
  await send(inbox, [{ time: now, body: 'new' }]);
  assert.equal((await send(inbox, late)).status, 400);
  clock += 31 * 60_000;
  assert.equal((await send(inbox, late)).status, 204);
});

test('the last of several streams gives the verdict, unless strict', async (t) => {
  const late = resourceLogs({ 'service.name': 'late' }, [
    { time: now, body: 'new' },
    { time: now - 2n * hour, body: 'late' },
  ]);
  const fine = resourceLogs({ 'service.name': 'fine' }, [{ time: now, body: 'fine' }]);
  const request = JSON.stringify({ resourceLogs: [late, fine] });
  const inbox = await start(t);
  assert.equal((await post(inbox, request)).status, 204);
  assert.deepEqual([inbox.requests[0]?.stored, inbox.requests[0]?.rejected], [2, 1]);
  const strict = await start(t, { strict: true });
  assert.equal((await post(strict, request)).status, 400);
});

test('a repeat is dropped against the last entry and the head block, and stored again after it', async (t) => {
  const inbox = await start(t);
  const numbered = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      time: now + BigInt(index),
      body: `${String(index).padStart(4)} ${'x'.repeat(2554)}`,
      attributes: { a: 'b' },
    }));
  // Two pieces of metadata count 16 bytes: 102 entries fill a block of 256 KiB, 101 do not.
  await send(inbox, numbered(101));
  await send(inbox, numbered(101));
  assert.deepEqual([inbox.requests[1]?.duplicates, inbox.records.length], [101, 101]);
  const full = await start(t);
  await send(full, numbered(102));
  await send(full, numbered(102));
  assert.deepEqual([full.requests[1]?.duplicates, full.records.length], [0, 204]);
  assert.equal(full.records.filter(({ duplicate }) => duplicate).length, 102);
});

test('the same time and line with other metadata is another entry', async (t) => {
  const inbox = await start(t);
  const entry = { time: now, body: 'x' };
  await send(inbox, [
    entry,
    entry,
    { ...entry, attributes: { a: '1' } },
    entry,
    { ...entry, body: 'y' },
  ]);
  assert.deepEqual([inbox.records.length, inbox.requests[0]?.duplicates], [3, 2]);
});

test('a request that grows above 4 MiB on its way to the ingester is answered 503', async (t) => {
  const inbox = await start(t);
  const records = Array.from({ length: 2200 }, (_, index) => ({
    time: now + BigInt(index),
    body: 'x',
  }));
  const answer = await send(inbox, records, { fat: 'f'.repeat(2048) });
  assert.equal(answer.status, 503);
  assert.match(
    answer.text,
    /^rpc error: code = ResourceExhausted desc = grpc: received message larger than max \(46\d{5} vs\. 4194304\)$/,
  );
  assert.equal(inbox.records.length, 0);
});

test('above the ingestion rate nothing is stored, and the clock refills it', async (t) => {
  let clock = nowMs;
  const limits = { ingestionRateBytes: 1000, ingestionBurstBytes: 2000 };
  const inbox = await start(t, { limits, now: () => clock });
  const entry = (body: string) => [{ time: now, body: body.repeat(1500) }];
  assert.equal((await send(inbox, entry('a'))).status, 204);
  const refused = await send(inbox, entry('b'));
  assert.equal(refused.status, 429);
  assert.equal(
    refused.text,
    "ingestion rate limit exceeded for user fake (limit: 1000 bytes/sec) while attempting to ingest '1' lines totaling '1500' bytes, reduce log volume or contact your Loki administrator to see if the limit can be increased",
  );
  clock += 1000;
  assert.equal((await send(inbox, entry('b'))).status, 204);
  assert.equal((await send(inbox, [{ time: now, body: 'c'.repeat(2001) }])).status, 429);
});

test('above the rate of a stream nothing of that stream is stored', async (t) => {
  const limits = { streamRateBytes: 512 * 1024, streamBurstBytes: 1024 };
  const inbox = await start(t, { limits });
  await send(inbox, [{ time: now, body: 'a'.repeat(1000) }]);
  const answer = await send(inbox, [
    { time: now, body: 'b'.repeat(100) },
    { time: now, body: 'c' },
  ]);
  assert.equal(answer.status, 429);
  assert.match(
    answer.text,
    /Per stream rate limit exceeded \(limit: 512KB\/sec\) while attempting to ingest for stream '\{service_name="shop"\}' totaling 100B,/,
  );
  assert.match(answer.text, /total ignored: 2 out of 2/);
  assert.equal(inbox.records.length, 1);
});

test('a stream too many is answered 429, the known ones are stored', async (t) => {
  const inbox = await start(t, { limits: { maxStreams: 1 } });
  const one = resourceLogs({ 'service.name': 'one' }, [{ time: now, body: 'one' }]);
  const two = resourceLogs({ 'service.name': 'two' }, [{ time: now, body: 'two' }]);
  const answer = await post(inbox, JSON.stringify({ resourceLogs: [one, two] }));
  assert.equal(answer.status, 429);
  assert.match(
    answer.text,
    /^maximum active stream limit exceeded when trying to create stream \{service_name="two"\}/,
  );
  assert.deepEqual(lines(inbox), ['one']);
});

test('the tenant is named in the words of a refusal', async (t) => {
  const inbox = await start(t);
  const records = [
    { time: now, body: 'new' },
    { time: now - 2n * hour, body: 'late' },
  ];
  const body = logsRequest({ 'service.name': 'shop' }, records);
  const { text } = await post(inbox, body, { headers: { 'x-scope-orgid': 'team-a' } });
  assert.match(text, /user 'team-a'/);
});

test('without rules everything that can be decoded is stored and answered 200', async (t) => {
  const inbox = await start(t, { rules: 'none' });
  const body = logsRequest({}, [
    { time: 1n, body: 'old', attributes: { '': 'x', '---': 'y' } },
    { time: 1n, body: 'x'.repeat(300_000) },
  ]);
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'content-encoding': 'identity',
  };
  const answer = await post(inbox, body, { headers });
  assert.deepEqual(
    [answer.status, answer.text, answer.contentType],
    [200, '{}', 'application/json'],
  );
  assert.deepEqual(inbox.records[0]?.metadata, { '': 'x', '---': 'y', detected_level: 'unknown' });
  assert.equal(inbox.records.length, 2);
  const empty = await post(inbox, Buffer.alloc(0));
  assert.deepEqual([empty.status, empty.contentType], [200, 'application/x-protobuf']);
});

test('the clock of the machine is the default', async (t) => {
  const inbox = await startInbox({ port: 0 });
  t.after(() => inbox.close());
  assert.equal((await post(inbox, plainRequest(['x'], nowNs()))).status, 204);
  assert.equal((await post(inbox, plainRequest(['x'], nowNs() - 8n * day))).status, 400);
});
