// Damaged cursors and segments, before a start and under a running process; and what is not ours to send.

import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Case, StartOptions } from './case.ts';
import { lengths } from './oracle/payload.ts';
import { readCursor, readSegment } from './oracle/spool-format.ts';
import { droppedIn } from './oracle/verdicts.ts';
import { isShort } from './settings.ts';
import { torture } from './torture.ts';

const unavailable = { type: 'status', status: 503 } as const;
const noFaults = undefined;
const damaged = 'OTEL_SETUP_SPOOL_DAMAGED';

/** A directory with a settled part and a backlog of some segments, left by a process that was killed. */
async function leaveBacklog(c: Case, options: StartOptions = {}): Promise<string> {
  const { inbox } = c.receiver;
  inbox.setFault(noFaults);
  const writer = await c.start(options);
  await writer.log({ count: 300, size: lengths.plain });
  assert.equal((await writer.flush()).pending, 0);
  inbox.setFault(unavailable);
  await writer.log({ count: 1_500, size: lengths.plain });
  await writer.kill();
  const { pid } = writer.child;
  const path = c.directories().find((directory) => readOwner(directory).pid === pid);
  assert.ok(path !== undefined);
  return path;
}

function segmentsOf(path: string): string[] {
  return readdirSync(path)
    .filter((name) => name.endsWith('.seg'))
    .sort()
    .map((name) => join(path, name));
}

/** How many records of a segment are still to be delivered. */
function pendingIn(directory: string, segment: string): number {
  const settled = readCursor(readFileSync(join(directory, 'cursor')))?.seq ?? 0;
  const { frames } = readSegment(readFileSync(segment));
  return frames.filter(({ isDefinition, seq }) => !isDefinition && seq > settled).length;
}

type CursorDamage = (cursor: Buffer) => Buffer;

/** The slot of the higher generation, and the other one. */
function slots(cursor: Buffer): [newer: number, older: number] {
  return cursor.readBigUInt64LE(8) > cursor.readBigUInt64LE(4096 + 8) ? [0, 4096] : [4096, 0];
}

function tear(cursor: Buffer, ...at: number[]): Buffer {
  for (const slot of at) cursor.fill(0xa5, slot + 20, slot + 50);
  return cursor;
}

const cursorDamages: Readonly<Record<string, CursorDamage>> = {
  'the newer slot torn': (cursor) => tear(cursor, slots(cursor)[0]),
  'the older slot torn': (cursor) => tear(cursor, slots(cursor)[1]),
  'both slots torn': (cursor) => tear(cursor, 0, 4096),
  'both slots zero': (cursor) => cursor.fill(0),
  'no cursor': () => Buffer.alloc(0),
  'a future generation': (cursor) => {
    const [newer] = slots(cursor);
    cursor.writeBigUInt64LE(2n ** 52n, newer + 8);
    cursor.writeUInt32LE(crc32(cursor.subarray(newer, newer + 60)), newer + 60);
    return cursor;
  },
};

torture('T10', 'cursor slots torn, zero, from the future; a segment missing', {}, async (c) => {
  await c.receive({ isBrief: true });
  let slowestMs = 0;
  const settle = async (): Promise<void> => {
    c.receiver.inbox.setFault(noFaults);
    const { initMs } = await c.settle();
    slowestMs = Math.max(slowestMs, initMs);
  };
  for (const damage of Object.values(cursorDamages)) {
    const path = join(await leaveBacklog(c), 'cursor');
    writeFileSync(path, damage(readFileSync(path)));
    // In the short form the next process finds it amid what else was left.
    if (!isShort) await settle();
  }
  await settle();
  c.judge();

  const directory = await leaveBacklog(c);
  const [, second = ''] = segmentsOf(directory);
  const lost = pendingIn(directory, second);
  assert.ok(lost > 300);
  unlinkSync(second);
  await settle();
  const evidence = c.judge({ lost: 'counted' });
  assert.equal(droppedIn(evidence), lost);
  const told = [...evidence.notices.values()].flat().filter(({ code }) => code === damaged);
  assert.equal(told.length, 1);
  // Ten times the expectation: a hang, no slowness.
  assert.ok(slowestMs <= 10_000, `init() took ${slowestMs} ms`);
  Object.assign(c.figures, { lost, 'ms of init() at most': Math.round(slowestMs) });
});

interface SegmentDamage {
  readonly name: string;
  readonly spoil: (path: string) => void;
  /** Whether the rest of it can still be had. */
  readonly keeps: boolean;
}

const segmentDamages: readonly SegmentDamage[] = [
  { name: 'deleted', keeps: false, spoil: (path) => unlinkSync(path) },
  { name: 'truncated', keeps: true, spoil: (path) => truncateSync(path, 500_000) },
  {
    name: 'replaced by a directory',
    keeps: false,
    spoil: (path) => {
      unlinkSync(path);
      mkdirSync(path);
    },
  },
  // Its owner may make it readable again.
  { name: 'not readable', keeps: true, spoil: (path) => chmodSync(path, 0) },
];

torture(
  'T13',
  'a segment deleted, truncated, replaced by a directory, made unreadable; before a start and under a running process',
  { missing: process.getuid?.() === 0 ? undefined : 'root, to start a process as another user' },
  async (c) => {
    const nobody = 65_534;
    await c.receive({ isBrief: true });
    for (const name of ['.', 'control', 'samples', 'notices']) {
      chownSync(join(c.folder, name), nobody, nobody);
    }
    let lost = 0;
    for (const { keeps, spoil } of segmentDamages) {
      const directory = await leaveBacklog(c, { uid: nobody });
      const [, second = ''] = segmentsOf(directory);
      const pending = pendingIn(directory, second);
      spoil(second);
      const left = keeps ? pendingIn(directory, second) : 0;
      lost += pending - left;
      c.receiver.inbox.setFault(noFaults);
      await c.settle({ uid: nobody });
      assert.equal(droppedIn(c.judge({ lost: 'counted' })), lost);
    }

    // While it runs, memory still has the newest 8 MiB, and writes them again.
    for (const { spoil } of segmentDamages) {
      c.receiver.inbox.setFault(unavailable);
      const running = await c.start({ uid: nobody });
      const [directory = ''] = c.directories();
      await running.log({ count: 3_000, size: lengths.plain });
      const [, second = ''] = segmentsOf(directory);
      spoil(second);
      await running.log({ count: 3_000, size: lengths.plain });
      await c.until(() => isWhole(second), 'the segment is written again');
      c.receiver.inbox.setFault(noFaults);
      await running.flush(30_000);
      await running.end('natural');
    }
    await c.settle({ uid: nobody });
    assert.equal(droppedIn(c.judge({ lost: 'counted' })), lost);

    // What memory does not have any more is lost with its file, and counted.
    c.receiver.inbox.setFault(unavailable);
    const running = await c.start({ uid: nobody });
    const [directory = ''] = c.directories();
    await running.log({ count: 20_000, size: lengths.plain });
    const [first = '', second = ''] = segmentsOf(directory);
    assert.ok(first < second);
    lost += pendingIn(directory, second);
    rmSync(second);
    c.receiver.inbox.setFault(noFaults);
    assert.equal((await running.flush(30_000)).pending, 0);
    await running.send({ type: 'sample', isLast: true });
    await running.end('natural');
    await c.settle({ uid: nobody });
    assert.equal(droppedIn(c.judge({ lost: 'counted' })), lost);
    Object.assign(c.figures, { lost });
  },
);

function isWhole(segment: string): boolean {
  try {
    return readSegment(readFileSync(segment)).frames.length > 500;
  } catch {
    // Not yet there again.
    return false;
  }
}

/** Names and contents of all files below a path. */
function fingerprint(path: string): string {
  const names = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return names.map((name) => `${name} ${hash('sha256', readFileSync(name))}`).join('\n');
}

torture(
  'T14',
  'an unknown format, another service, a backlog of the other route',
  {},
  async (c) => {
    const { inbox } = await c.receive();
    inbox.setFault(unavailable);
    const own = await c.start({
      env: { LOG_ROUTE: 'direct', OTEL_EXPORTER_OTLP_ENDPOINT: inbox.url, ALLOY_OTLP_ENDPOINT: '' },
    });
    await own.log({ count: 500 });
    const [ownPath = ''] = c.directories();
    const sender = readOwner(ownPath);
    assert.equal(sender.route, 'direct');
    await own.kill();

    // Written by no process of the case: nobody is obliged to deliver it.
    const stranger = await c.start({ sdk: 'public', env: { OTEL_SERVICE_NAME: 'stranger' } });
    const strangePath = c.directories().find((path) => path !== ownPath) ?? '';
    await stranger.log({ count: 700 });
    await stranger.kill();
    const futurePath = join(ownPath, '..', 'future00');
    mkdirSync(futurePath, { mode: 0o700 });
    for (const name of readdirSync(ownPath).filter((file) => file !== 'lock')) {
      writeFileSync(join(futurePath, name), readFileSync(join(ownPath, name)));
    }
    writeFileSync(
      join(futurePath, 'owner.json'),
      JSON.stringify({ ...readOwner(ownPath), format: 2 }),
    );
    const before = [strangePath, futurePath].map(fingerprint);

    const instances = new Set<unknown>();
    await c.receive({
      port: inbox.port,
      onRecord: ({ record, resource }) => {
        if (String(record.attributes.id).startsWith(`${c.run}:${own.writer}:`)) {
          instances.add(resource.attributes['service.instance.id']);
        } else {
          instances.delete(resource.attributes['service.instance.id']);
        }
      },
    });
    const last = await c.start();
    await last.log({ count: 1 });
    await c.until(async () => {
      const { adopted, pending } = await last.stats();
      return pending + adopted.pending === 0 && c.receiver.arrivals.distinct === 501;
    }, 'the backlog of the other route is delivered');
    await last.send({ type: 'sample', isLast: true });
    await last.end('natural');
    assert.deepEqual([strangePath, futurePath].map(fingerprint), before);
    assert.equal(instances.size, 1, 'the backlog keeps the resource of its own process');
    const evidence = c.judge({ left: 1_200, directories: 2 });
    const told = evidence.notices.get(last.writer)?.map(({ code }) => code) ?? [];
    for (const code of ['OTHER_FORMAT', 'OTHER_SERVICE', 'ROUTE_CHANGED']) {
      assert.equal(told.filter((one) => one === `OTEL_SETUP_SPOOL_${code}`).length, 1, code);
    }
  },
);

function readOwner(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(path, 'owner.json'), 'utf8')) as Record<string, unknown>;
}
