// What a record may hold: claims about itself, control characters, hostile values, secrets.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredRecord } from 'otlp-inbox';
import { Redactor } from '../../packages/otel-setup/src/record/redaction/redactor.ts';
import { planted } from '../redaction/planted.ts';
import { assert } from './assert.ts';
import { claims, spanContext } from './claims.ts';
import { controls } from './controls.ts';
import { sized } from './settings.ts';
import { startChild } from './start-child.ts';
import { torture } from './torture.ts';

torture('S10', 'fields that claim to be the record itself change nothing of it', {}, async (c) => {
  const { inbox } = await c.receive({ rules: 'loki' });
  const { code, stderr } = await startChild(c, 'metas.ts', { writer: 'metas' }).ended;
  assert.equal(code, 0, stderr);
  const calls = 5;
  assert.equal(inbox.records.length, claims.length * calls * 2);
  const factsOf = ({ labels, level, record, resource, scope }: StoredRecord) => ({
    ...{ labels, level, resource: resource.attributes, scope },
    ...{ severityNumber: record.severityNumber, severityText: record.severityText },
    ...{ traceId: record.traceId, spanId: record.spanId, flags: record.flags },
  });
  const [first] = inbox.records;
  assert.ok(first);
  const expected = factsOf(first);
  assert.deepEqual([expected.level, expected.severityNumber], ['warn', 13]);
  assert.deepEqual([expected.traceId, expected.spanId], Object.values(spanContext).slice(0, 2));
  let before = 0n;
  for (const stored of inbox.records) {
    assert.deepEqual(factsOf(stored), expected, `${stored.line} ${stored.record.attributes.claim}`);
    assert.ok(
      stored.timestampNs > before,
      'in the order of the calls, each with a time of its own',
    );
    before = stored.timestampNs;
  }
  const minutes = Number(before / 60_000_000_000n);
  assert.ok(Math.abs(Date.now() / 60_000 - minutes) < 5, 'the time is now');
  c.figures.records = inbox.records.length;
});

/** What no terminal may see; a tab does no harm. */
const dangerous = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

for (const style of ['json', 'pretty'] as const) {
  torture(
    'S11',
    `control characters: whole in OTLP, escaped on a ${style} console`,
    {},
    async (c) => {
      const { inbox } = await c.receive();
      const app = startChild(c, 'controls.ts', { writer: 'controls' }, { LOG_CONSOLE: style });
      const { code, stderr, stdout } = await app.ended;
      assert.equal(code, 0, stderr);
      const texts = inbox.records.filter(({ record }) => typeof record.body === 'string');
      assert.equal(texts.length, controls.length + 1);
      for (const [n, text] of controls.entries()) {
        const { attributes, body } = texts[n]?.record ?? assert.fail();
        assert.equal(body, `before ${text} after`);
        assert.equal(attributes[`key ${text} key`], `value ${text} value`);
      }
      const lines = stdout.trimEnd().split('\n');
      assert.deepEqual(
        lines.filter((line) => dangerous.test(line.replaceAll('\t', ''))),
        [],
      );
      if (style === 'json') {
        const messages = lines.map((line) => (JSON.parse(line) as { message: unknown }).message);
        assert.deepEqual(
          messages,
          inbox.records.map(({ record }) => record.body),
        );
      }
      // Beneath an error its stack is indented: no part of it can pass for a record.
      const records = lines.filter((line) => !line.startsWith('    '));
      assert.equal(records.length, inbox.records.length);
      c.figures.lines = lines.length;
    },
  );
}

torture(
  'S12',
  'hostile values: each arrives within the limits, and so do its neighbours',
  {},
  async (c) => {
    const { inbox } = await c.receive({ rules: 'loki', maxBytes: 512 * 1024 * 1024 });
    const env = { FUZZ: String(sized(1_000, 10_000)), SEED: String(c.seed) };
    const { code, stderr, stdout } = await startChild(c, 'values.ts', { writer: 'values' }, env)
      .ended;
    assert.equal(code, 0, stderr);
    const told = JSON.parse(stdout) as Record<string, number>;
    const { hostile = 0, values = 0 } = told;
    assert.deepEqual([told.accepted, told.delivered, told.dropped], [values * 3, values * 3, {}]);
    assert.deepEqual(
      inbox.requests.filter(({ status }) => status >= 300),
      [],
    );
    const byNumber = new Map<number, StoredRecord[]>();
    for (const stored of inbox.records) {
      const { attributes, body } = stored.record;
      // winston takes an object whose message says nothing for the message.
      const n = Number(attributes.n ?? Object(body).n);
      byNumber.set(n, [...(byNumber.get(n) ?? []), stored]);
    }
    let cut = 0;
    for (let n = 0; n < values; n++) {
      const three = byNumber.get(n) ?? [];
      assert.equal(three.length, 3, `value ${n}`);
      const [next] = three.filter(({ line }) => line === 'next');
      assert.deepEqual(next?.record.attributes, { n });
      for (const stored of three) {
        assert.ok(Object.keys(stored.metadata).length <= 128, `entries of ${n}`);
        assert.ok(Buffer.byteLength(stored.line) <= 256 * 1024, `line of ${n}`);
        assert.ok(stored.bytes.byteLength <= 256 * 1024 + 64 * 1024, `bytes of ${n}`);
        const { attributes, body } = stored.record;
        // The map of attributes itself is the first level.
        assert.ok(Math.max(depthOf(attributes) - 1, depthOf(body)) <= 8, `depth of ${n}`);
        if (attributes['otel_setup.truncated'] !== undefined) cut++;
      }
    }
    // Too deep, too wide (twice), too long: as a field and as a message, and the Map that holds the deep one.
    assert.ok(cut >= 8, `${cut} records bear the mark of a cut`);
    Object.assign(c.figures, { records: values * 3, hostile, cut });
  },
);

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

torture(
  'S13',
  'no planted secret is in the spool, in a request or in any output',
  {},
  async (c) => {
    const { inbox } = await c.receive({ maxBytes: 64 * 1024 * 1024 });
    inbox.setFault({ type: 'status', status: 503, body: 'not now' });
    const app = startChild(c, 'planted.ts', { writer: 'planted' }, { LOG_CONSOLE: 'json' });
    await app.said('logged\n');
    // All of it is on disk, and nothing has been delivered.
    const spooled = readBelow(c.spoolRoot);
    assert.ok(spooled.some((text) => text.includes('[redacted]')));
    inbox.setFault(undefined);
    app.child.stdin?.write('deliver\n');
    const { code, stderr, stdout } = await app.ended;
    assert.equal(code, 0, stderr);
    const stats = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
    assert.deepEqual([stats.pending, stats.dropped], [0, {}]);
    assert.equal(inbox.records.length, stats.accepted);
    const sent = inbox.records.map(({ bytes }) => Buffer.from(bytes).toString('latin1'));
    const texts = [...spooled, ...sent, ...readBelow(c.folder), stdout, stderr];
    const found = planted.filter(({ secret }) => texts.some((text) => text.includes(secret)));
    assert.deepEqual(
      found.map(({ name }) => name),
      [],
    );
    Object.assign(c.figures, { planted: planted.length, 'places looked at': texts.length });
  },
);

const worstUnits = [
  ...['x', 'eyJ', 'eyJaaaaaaaa.', 'password=a ', 'password: ', '"password":"x",', '://a:b@', '://'],
  ...[
    'Basic aaaaaaaa ',
    'Bearer ',
    'key=',
    '?sig=a&',
    '--token ',
    '-----BEGIN ',
    '\\"',
    'cookie: a=',
    'secret:a:',
    '"name":"x","value":"x",',
  ],
];

/** Ms of CPU, the least of three. */
function timeOf(redactor: Redactor, text: string): number {
  const took = Array.from({ length: 3 }, () => {
    const { system, user } = process.cpuUsage();
    redactor.text(text);
    const after = process.cpuUsage({ system, user });
    return (after.system + after.user) / 1_000;
  });
  return Math.min(...took);
}

torture('S13', 'a text of 1 MB made to be slow to look through', {}, async (c) => {
  const redactor = new Redactor({}, () => undefined);
  let worst = 0;
  for (const unit of worstUnits) {
    const part = timeOf(redactor, unit.repeat(100_000 / unit.length));
    const whole = timeOf(redactor, unit.repeat(1_000_000 / unit.length));
    // Ten times the text: ten times as long, where a hang takes a hundred times. Below a few ms clocks tell nothing.
    assert.ok(whole <= 30 * Math.max(part, 1), `${unit}: ${part} ms, ${whole} ms`);
    worst = Math.max(worst, whole);
  }
  c.figures['ms for the worst MB'] = Math.round(worst * 10) / 10;
});

torture('S14', 'arguments of the command line are in no record of an exception', {}, async (c) => {
  const { inbox } = await c.receive();
  const marker = 'MARKER5argv';
  const app = startChild(c, 'argv.ts', { writer: marker });
  const { code, stdout } = await app.ended;
  assert.equal(code, 1);
  const settle = startChild(c, 'own-keys.ts', { writer: 'settle' });
  assert.equal((await settle.ended).code, 0);
  const [thrown] = inbox.records.filter(({ line }) => line.includes('thrown on purpose'));
  assert.equal(thrown?.record.attributes['exception.message'], 'thrown on purpose');
  assert.ok(JSON.stringify(thrown?.record.attributes.process).includes('execPath'));
  const sent = inbox.records.map(({ bytes }) => Buffer.from(bytes).toString('latin1'));
  for (const text of [...sent, ...readBelow(c.spoolRoot), stdout]) {
    assert.ok(!text.includes(marker), 'an argument is in a record');
  }
  c.figures.records = inbox.records.length;
});

function readBelow(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
}
