// Loki's refusals, in the words of Loki 3.x as it answered them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  answer,
  definition,
  log,
  rpcStatus,
  startBench,
  startMs,
  toBatch,
} from './harness.test.ts';
import { readRefusals } from './loki-texts.ts';
import { findOffenders } from './offenders.ts';
import { readFacts } from './record-facts.ts';

const stream = `{service_instance_id="i-1", service_name="shop"}`;
const dayMs = 24 * 3_600_000;

function iso(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

function field(number: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([number * 8 + 2, ...varint(content.length)]), content]);
}

function keyValue(key: string, value: string): Buffer {
  return Buffer.concat([field(1, Buffer.from(key)), field(2, field(1, Buffer.from(value)))]);
}

/** A LogRecord of a time, a line and attributes. */
function record(timeMs: number, line = 'hello', attributes: Record<string, string> = {}): Buffer {
  const time = Buffer.alloc(9);
  time[0] = 0x09;
  time.writeBigUInt64LE(BigInt(timeMs) * 1_000_000n, 1);
  const entries = Object.entries(attributes).map(([key, value]) => field(6, keyValue(key, value)));
  return Buffer.concat([time, field(5, field(1, Buffer.from(line))), ...entries]);
}

function batchOf(records: readonly Uint8Array[]): Parameters<typeof findOffenders>[0] {
  const stored = records.map((bytes, i) => ({ seq: i + 1, bytes, madeMs: 0 }));
  return { batch: toBatch(stored), from: 0, to: records.length };
}

function offences(text: string, records: readonly Uint8Array[], cut = false): unknown[] {
  const found = findOffenders(batchOf(records), readRefusals(text, cut), startMs);
  return found.map(({ reason, count, indexes }) => ({ reason, count, indexes }));
}

const tooOld = (ms: number): string =>
  `entry for stream '${stream}' has timestamp too old: ${iso(ms)}, oldest acceptable timestamp is: ${iso(startMs - 7 * dayMs)}`;

test('one record that is too old', () => {
  const records = [record(startMs), record(startMs - 8 * dayMs), record(startMs)];
  assert.deepEqual(offences(tooOld(startMs - 8 * dayMs), records), [
    { reason: 'too_old', count: 1, indexes: [1] },
  ]);
});

test('groups of equal texts are counted by the server', () => {
  const oldMs = startMs - 8 * dayMs;
  const records = [record(oldMs), record(startMs), record(oldMs), record(oldMs + 1000)];
  const text = `2 errors like: ${tooOld(oldMs)}; 1 errors like: ${tooOld(oldMs + 1000)}`;
  const [found] = offences(text, records) as { count: number; indexes: number[] }[];
  assert.equal(found?.count, 3);
  assert.deepEqual(found?.indexes.toSorted(), [0, 2, 3]);
});

test('a text that is cut off is counted by our own copy of the rule', () => {
  const oldMs = startMs - 8 * dayMs;
  const records = [...Array(50).keys()].map((i) => record(i % 2 === 0 ? oldMs + i : startMs));
  const found = offences(
    `1 errors like: ${tooOld(oldMs)}; 1 errors like: entry for st`,
    records,
    true,
  );
  assert.equal((found[0] as { count: number }).count, 25);
});

test("the count is the server's where it says more or fewer than we find", () => {
  const oldMs = startMs - 8 * dayMs;
  const records = [record(oldMs), record(oldMs - 1), record(startMs), record(startMs)];
  assert.deepEqual(offences(`1 errors like: ${tooOld(oldMs)}`, records), [
    { reason: 'too_old', count: 1, indexes: [1] },
  ]);
  assert.deepEqual(offences(`3 errors like: ${tooOld(oldMs)}`, records), [
    { reason: 'too_old', count: 3, indexes: [1, 0] },
  ]);
  assert.equal(
    (offences(`9 errors like: ${tooOld(oldMs)}`, records)[0] as { count: number }).count,
    4,
  );
});

test('records that are too new', () => {
  const text = `2 errors like: entry for stream '${stream}' has timestamp too new: ${iso(startMs + 3_600_000)}`;
  const records = [
    record(startMs + 3_600_000),
    record(startMs + 60_000),
    record(startMs + 3_600_000),
  ];
  assert.deepEqual(offences(text, records), [{ reason: 'too_new', count: 2, indexes: [0, 2] }]);
});

const behind = (ms: number, cutoffMs: number): string =>
  `entry with timestamp 2026-11-23 23:26:39.253001051 +0000 UTC ignored, reason: 'entry too far behind, entry timestamp is: ${iso(ms)}, oldest acceptable timestamp is: ${iso(cutoffMs)}',\n`;

test('records too far behind are counted by the total of the ingester', () => {
  const lateMs = startMs - 2 * 3_600_000;
  const records = [...Array(20).keys()].map((i) => record(i < 15 ? lateMs + i : startMs));
  const text = `${behind(lateMs, startMs - 3_600_000).repeat(10)}user 'fake', total ignored: 15 out of 20 for stream: ${stream}`;
  const [found] = offences(text, records) as { reason: string; count: number; indexes: number[] }[];
  assert.equal(found?.reason, 'too_far_behind');
  assert.equal(found?.count, 15);
  assert.deepEqual(
    found?.indexes.toSorted((a, b) => a - b),
    [...Array(15).keys()],
  );
});

test("an ingester's verdict hides the distributor's: those are found by the default limits", () => {
  const many = Object.fromEntries([...Array(140).keys()].map((i) => [`k${i}`, 'v']));
  const records = [
    record(startMs - 8 * dayMs),
    record(startMs + 3_600_000),
    record(startMs, 'x'.repeat(300_000)),
    record(startMs),
    record(startMs, 'many', many),
    record(startMs, 'big', { big: 'y'.repeat(70_000) }),
    record(startMs - 7_200_000),
  ];
  const text = `${behind(startMs - 7_200_000, startMs - 3_600_000)}user 'fake', total ignored: 1 out of 2 for stream: ${stream}`;
  const found = offences(text, records) as { reason: string; count: number; indexes: number[] }[];
  const byRecord = found.flatMap(({ reason, indexes }) => indexes.map((i) => `${i} ${reason}`));
  assert.deepEqual(byRecord.toSorted(), [
    '0 too_old',
    '1 too_new',
    '2 too_large',
    '4 rejected',
    '5 too_large',
    '6 too_far_behind',
  ]);
  assert.equal(
    found.reduce((sum, { count }) => sum + count, 0),
    6,
  );
});

const others = [
  {
    text: `max entry size '1000' bytes exceeded for stream '${stream}' while adding an entry with length '2000' bytes`,
    reason: 'too_large',
    index: 1,
  },
  {
    text: `stream '${stream}' has structured metadata too large: '70000' bytes, limit: '500' bytes. Please see`,
    reason: 'too_large',
    index: 2,
  },
  {
    text: `stream '${stream}' has too many structured metadata labels: '140', limit: '10'. Please see`,
    reason: 'rejected',
    index: 3,
  },
];
for (const { text, reason, index } of others) {
  test(`"${text.replace(`'${stream}'`, '').slice(0, 40)}…" names its record by the limit in the text`, () => {
    const many = Object.fromEntries([...Array(12).keys()].map((i) => [`k${i}`, 'v']));
    const records = [
      record(startMs),
      record(startMs, 'x'.repeat(2000)),
      record(startMs, 'big', { big: 'y'.repeat(600) }),
      record(startMs, 'many', many),
    ];
    assert.deepEqual(offences(text, records), [{ reason, count: 1, indexes: [index] }]);
  });
}

test('a label that is too long refuses the whole request, and the notice names the resource', async () => {
  const text = `stream '{k8s_pod_name="${'p'.repeat(3000)}"}' has label value too long: 'pppp'`;
  const bench = startBench({ endpoint: () => answer(400, rpcStatus(3, text)) });
  log(bench, 10, 300);
  await bench.clock.advance(1000);
  assert.equal(bench.requests.length, 1);
  assert.deepEqual(bench.dropped, { rejected: 10 });
  assert.equal(bench.own.quarantined.length, 10);
  assert.match(
    bench.notices[0]?.message ?? '',
    /has label value too long.*OTEL_RESOURCE_ATTRIBUTES/,
  );
});

test('a known text costs one request, and the rest counts as delivered', async () => {
  const bench = startBench({
    endpoint: () => answer(400, rpcStatus(3, `2 errors like: ${tooOld(startMs - 8 * dayMs)}`)),
  });
  for (let i = 0; i < 10; i += 1) {
    bench.own.add(record(i < 2 ? startMs - 8 * dayMs : startMs));
    bench.deliverer.wake();
  }
  await bench.clock.advance(1000);
  assert.equal(bench.requests.length, 1);
  assert.equal(bench.counts.delivered, 8);
  assert.deepEqual(bench.dropped, { too_old: 2 });
  assert.deepEqual(
    bench.own.quarantined.map((entry) => `${entry.seq} ${entry.reason}`),
    ['1 too_old', '2 too_old'],
  );
  assert.match(bench.own.quarantined[0]?.words ?? '', /has timestamp too old/);
});

test('structured metadata that is not allowed keeps the records', async () => {
  const text = `stream '${stream}' includes structured metadata, but this feature is disallowed. Please see`;
  const bench = startBench({ endpoint: () => answer(400, rpcStatus(3, text)) });
  log(bench, 10, 300);
  await bench.clock.advance(1000);
  assert.equal(bench.own.pending, 10);
  assert.match(bench.notices[0]?.message ?? '', /allow_structured_metadata: true/);
});

test('other texts of a 400 name no entries', () => {
  for (const text of [
    '',
    'unexpected EOF',
    'symbolizer lookup: normalization for label name "---"',
  ]) {
    assert.deepEqual(readRefusals(text, false), []);
  }
});

test('facts count nested attributes, the scope and the resource', () => {
  const nested = field(
    6,
    Buffer.concat([
      field(1, Buffer.from('map')),
      field(
        2,
        field(6, Buffer.concat([field(1, keyValue('a', '12')), field(1, keyValue('b', '345'))])),
      ),
    ]),
  );
  const bytes = Buffer.concat([record(startMs, 'line'), nested]);
  const resource = field(1, field(1, keyValue('host.name', 'h')));
  const scope = field(
    1,
    Buffer.concat([field(1, Buffer.from('lib')), field(2, Buffer.from('1.0'))]),
  );
  const batch = { ...toBatch([{ seq: 1, bytes, madeMs: 0 }]), definitions: [{ resource, scope }] };
  const [facts] = readFacts(batch, 0, 1);
  assert.equal(facts?.timeMs, startMs);
  assert.equal(facts?.lineBytes, 4);
  assert.equal(facts?.metadataCount, 5);
  // map_a=12, map_b=345, host.name=h, scope_name and scope_version with their values.
  assert.equal(facts?.metadataBytes, 5 + 2 + 5 + 3 + 9 + 1 + 15 + 15);
});

test('bytes that are no record give facts all the same', () => {
  const batch = toBatch([{ seq: 1, bytes: Buffer.from('not protobuf at all'), madeMs: 0 }]);
  assert.equal(readFacts({ ...batch, definitions: [definition] }, 0, 1).length, 1);
});
