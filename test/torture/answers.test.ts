// Answers that refuse: too large, poisoned, stored in part, misconfigured.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault, StoredRecord } from 'otlp-inbox';
import { assert } from './assert.ts';
import type { Case } from './case.ts';
import { finish } from './finish.ts';
import { formatId } from './oracle/payload.ts';
import type { TorturedProcess } from './process.ts';
import { isStock, sized, speeded } from './settings.ts';
import { sped } from './speed.ts';
import { torture } from './torture.ts';

const limitBytes = 100 * 1024;
/** What an encoded record has beside its payload, resource and scope of its request included; generously. */
const overheadBytes = 2 * 1024;
/** Of Grafana's own limit for a line; longer records are cut when they are made. */
const ownLimitBytes = 250 * 1024;

torture(
  'T22',
  'records above what the server takes arrive shortened, all others whole',
  { forStock: true },
  async (c) => {
    const sizes = new Map<number, boolean>();
    const onRecord = ({ record: { attributes } }: StoredRecord) => {
      if (typeof attributes.size !== 'number') return;
      sizes.set(attributes.size, attributes['otel_setup.truncated'] !== undefined);
    };
    const { inbox } = await c.receive({ onRecord });
    const writer = await c.start();
    for (const status of [413, 503] as const) {
      inbox.setFault({ type: 'max-bytes', bytes: limitBytes, status });
      for (let count = sized(40, 500); count > 0; count--) {
        await writer.log({ count: 1, size: 1024 + c.draw(299 * 1024) });
      }
      await writer.flush(60_000);
    }
    const { evidence } = await finish(c, writer, {
      duplicates: 0,
      notices: [
        'OTEL_SETUP_TOO_LARGE',
        'OTEL_SETUP_TRUNCATED',
        'OTEL_SETUP_RECORD_CUT',
        // How many more were shortened, where no summary has told of it yet.
        'OTEL_SETUP_CLOSING',
      ],
    });
    for (const [size, isTruncated] of sizes) {
      if (size > limitBytes) assert.ok(isTruncated, `${size} bytes came whole`);
      if (size < limitBytes - overheadBytes) assert.ok(!isTruncated, `${size} bytes were cut`);
    }
    c.figures.truncated = evidence.arrivals.truncated;
    c.figures['of the SDK itself'] = [...sizes.keys()].filter(
      (size) => size > ownLimitBytes,
    ).length;
  },
);

const perBatch = 1_000;
const unknownText = 'the pipeline does not like this one';

/** A batch of 1,000 of which one meets the fault; the number of requests that it took. */
async function poisonOne(
  c: Case,
  process: TorturedProcess,
  from: number,
  faultFor: (id: string) => Fault,
): Promise<number> {
  const { inbox, arrivals } = c.receiver;
  const id = formatId(c.run, process.writer, from + 1 + c.draw(perBatch));
  inbox.setFault(faultFor(id));
  const before = arrivals.requests;
  const delivered = arrivals.distinct;
  // One turn of the loop: all of it is one request.
  await process.log({ count: perBatch, perTurn: perBatch });
  await c.until(async () => (await process.stats()).pending === 0, 'all are settled', 60_000);
  inbox.setFault(undefined);
  assert.equal(arrivals.distinct - delivered, perBatch - 1);
  assert.ok(!arrivals.has(process.writer, Number(id.split(':')[2])), 'the poison is not stored');
  const { quarantined } = c.spool();
  assert.ok(
    quarantined.some((record) => record.id === id),
    `${id} is in quarantine`,
  );
  // A segment that ends amid the batch makes two requests of it.
  const [refused] = inbox.requests.filter(({ n, rejected }) => n > before && rejected > 0);
  return arrivals.requests - before - (refused?.rejected === perBatch ? 0 : 1);
}

function poison(status: number, body: string, store?: 'rest'): (id: string) => Fault {
  return (id) => ({
    type: 'poison',
    status,
    body,
    test: ({ record }) => record.attributes.id === id,
    ...(store === undefined ? {} : { store }),
  });
}

torture(
  'T23',
  'one poisoned record of 1,000 keeps none of the others back',
  { forStock: true },
  async (c) => {
    await c.receive();
    const writer = await c.start();
    const rounds = sized(4, 20);
    let most = 0;
    for (let round = 0; round < rounds; round++) {
      const faultFor = poison(round % 2 === 0 ? 400 : 422, unknownText);
      most = Math.max(most, await poisonOne(c, writer, round * perBatch, faultFor));
    }
    c.figures['requests, unknown text'] = most;
    assert.ok(most <= 12, `${most} requests`);
    const { evidence } = await finish(c, writer, {
      lost: 'counted',
      duplicates: 0,
      notices: ['OTEL_SETUP_REJECTED', 'OTEL_SETUP_CLOSING'],
    });
    assert.equal(evidence.spool.quarantined.length, rounds);
    const words = wordsInQuarantine(c);
    assert.deepEqual(new Set(words), new Set([unknownText]));
  },
);

torture(
  'T23',
  "a record against one of Loki's own rules costs one request",
  { forStock: true },
  async (c) => {
    const mostBytes = 2_048;
    await c.receive({ rules: 'loki', limits: { maxLineBytes: mostBytes } });
    // A slow clock: all of a round waits for the flush, in one request.
    const writer = await c.start(sped(0.25));
    const rounds = sized(3, 20);
    const { arrivals, inbox } = c.receiver;
    for (let round = 0; round < rounds; round++) {
      const before = arrivals.requests;
      const place = c.draw(perBatch);
      await writer.log({ count: place, size: 100, perTurn: perBatch });
      await writer.log({ count: 1, size: mostBytes + 1 });
      await writer.log({ count: perBatch - 1 - place, size: 100, perTurn: perBatch });
      await writer.flush();
      const statuses = inbox.requests.slice(before).map(({ status }) => status);
      assert.equal(statuses.filter((status) => status === 400).length, 1);
      assert.ok(
        statuses.length <= 2,
        'a segment that ends amid the batch makes two requests of it',
      );
      assert.equal(arrivals.distinct, (round + 1) * (perBatch - 1));
    }
    const { evidence } = await finish(c, writer, {
      lost: 'counted',
      duplicates: 0,
      notices: ['OTEL_SETUP_REJECTED_ENTRIES', 'OTEL_SETUP_CLOSING'],
    });
    assert.equal(evidence.spool.quarantined.length, rounds);
    for (const words of wordsInQuarantine(c)) assert.match(words, /max entry size '2048' bytes/i);
    c.figures['requests, known text'] = 1;
  },
);

torture(
  'T23',
  'one record that the server fails on for ever keeps none back',
  { forStock: true },
  async (c) => {
    const speed = speeded(40);
    await c.receive();
    const writer = await c.start(sped(speed));
    // Something that passed before is what tells a poisoned record from a server in trouble.
    await writer.log({ count: perBatch, perTurn: perBatch });
    await writer.flush(600_000);
    const rounds = sized(1, 10);
    let most = 0;
    for (let round = 1; round <= rounds; round++) {
      const requests = await poisonOne(c, writer, round * perBatch, poison(500, unknownText));
      most = Math.max(most, requests);
    }
    c.figures['requests, 500 for ever'] = most;
    const { evidence } = await finish(c, writer, {
      lost: 'counted',
      waitMs: 30_000 / speed,
      notices: ['OTEL_SETUP_REJECTED', 'OTEL_SETUP_SERVER_ERROR', 'OTEL_SETUP_CLOSING'],
    });
    assert.equal(evidence.spool.quarantined.length, rounds);
    assert.ok(
      evidence.arrivals.duplicates <= 3 * rounds,
      'only the record that proves is repeated',
    );
  },
);

torture(
  'T23',
  'a batch of which every record is refused comes to an end',
  { forStock: true },
  async (c) => {
    const count = sized(200, perBatch);
    const { inbox, arrivals } = await c.receive();
    const writer = await c.start();
    const isOurs = ({ record }: StoredRecord | { record: StoredRecord['record'] }) =>
      record.attributes.id !== undefined;
    inbox.setFault({ type: 'poison', status: 400, body: unknownText, test: isOurs });
    await writer.log({ count, perTurn: count });
    await c.until(async () => (await writer.stats()).pending === 0, 'all are settled', 60_000);
    c.figures[`requests, all ${count} refused`] = arrivals.requests;
    assert.ok(arrivals.requests <= 2.5 * count, `${arrivals.requests} requests`);
    inbox.setFault(undefined);
    const { evidence } = await finish(c, writer, {
      lost: 'counted',
      duplicates: 0,
      notices: ['OTEL_SETUP_REJECTED', 'OTEL_SETUP_CLOSING'],
    });
    assert.equal(evidence.spool.quarantined.length, count);
  },
);

torture(
  'T24',
  'records that a partial success rejects are counted, never sent again',
  { forStock: true },
  async (c) => {
    const { inbox, arrivals } = await c.receive();
    const writer = await c.start();
    inbox.pushFault({ type: 'partial', rejected: 3, message: 'three are wrong' });
    await writer.log({ count: 50, perTurn: 50 });
    await writer.flush();
    assert.equal(arrivals.requests, 1);
    assert.equal(arrivals.distinct, 47);
    const { dropped } = await writer.stats();
    assert.deepEqual(dropped, { partial_success: 3 });
    const { end } = await finish(c, writer, {
      lost: 'counted',
      duplicates: 0,
      notices: ['OTEL_SETUP_PARTIAL_SUCCESS', 'OTEL_SETUP_CLOSING'],
    });
    assert.match(end.stderr, /three are wrong/);
    assert.equal(arrivals.requests, 2);
  },
);

function wordsInQuarantine(c: Case): string[] {
  const v1 = join(c.spoolRoot, 'v1');
  if (isStock) return [];
  return readdirSync(v1, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ndjson'))
    .flatMap((name) => readFileSync(join(v1, name), 'utf8').trimEnd().split('\n'))
    .map((line) => (JSON.parse(line) as { words: string }).words);
}
