// The power goes: what a disk may hold then, by the journal of a file system that is passed in.

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Case } from './case.ts';
import { payloadOf } from './oracle/payload.ts';
import { HandClock } from './power/hand-clock.ts';
import { JournalFs } from './power/journal-fs.ts';
import { layOut } from './power/power-cut.ts';
import { drain, drainOrphans, openRoom, type SpoolRoom } from './power/spool-room.ts';
import { sized } from './settings.ts';
import { torture } from './torture.ts';

const limits = { maxBytes: 950_000, maxExpandedBytes: 3_000_000 };
/** An unsettled record is on its way to the disk when it is 1 s old; then each file and directory takes 2 ms. */
const youngMs = 1_000;
const passMs = 50;

function textOf(seq: number): string {
  return payloadOf(`power:w1:${seq}`, seq % 10 === 0 ? 20_000 : 600);
}

function seqOf(text: string): number {
  return Number(/^power:w1:(\d+) /.exec(text)?.[1]);
}

interface Disk {
  readonly clock: HandClock;
  readonly journal: JournalFs;
  readonly room: SpoolRoom;
}

function openDisk(c: Case, ringBytes?: number): Disk {
  const root = join(c.folder, `spool-${ringBytes ?? 'of default size'}`);
  mkdirSync(root, { mode: 0o700 });
  const clock = new HandClock();
  const journal = new JournalFs(clock, root);
  const size = ringBytes === undefined ? {} : { ringBytes };
  const room = openRoom({ root, clock, fs: journal.fs, random: c.random, ...size });
  assert.equal(room.spool.stats().mode, 'record', room.notices[0]?.message);
  return { clock, journal, room };
}

/** Delivers some of the oldest segment's records. */
function settle(c: Case, { journal, room }: Disk): void {
  const batch = room.spool.own.take(limits);
  if (batch === undefined) return;
  const last = batch.seqs[c.draw(batch.count)] ?? 0;
  // Delivered is delivered, though the power goes amid what settling does to the disk.
  journal.note({ type: 'settled', seq: last });
  room.spool.own.settle(last);
}

/** Some records, some time, now and then a batch that is delivered: the endpoint is up, down, and up again. */
async function work(c: Case, { clock, journal, room }: Disk, batches: number): Promise<number> {
  const steps = 300;
  let seq = 0;
  for (let step = 0; step < steps; step++) {
    for (let count = c.draw(20); count > 0; count--) {
      seq++;
      room.put(textOf(seq));
      journal.note({ type: 'accepted', seq });
    }
    const isUp = step < steps / 4 || step > (steps * 3) / 4;
    for (let count = isUp && c.draw(3) === 0 ? batches : 0; count > 0; count--) {
      settle(c, { clock, journal, room });
    }
    clock.advance(c.draw(150));
    await turn();
  }
  return seq;
}

/** What a start finds after the power went behind the first `end` events. */
async function recover(c: Case, journal: JournalFs, end: number): Promise<string[]> {
  const root = join(c.folder, 'after');
  layOut(journal, end, (bound) => c.draw(bound), root);
  const room = openRoom({ root });
  const own = room.spool.stats().directory ?? '';
  const isDone = () =>
    room.spool.stats().adopted.pending === 0 &&
    readdirSync(join(own, '..')).filter((name) => /^[0-9a-z]{8}$/.test(name)).length === 1;
  const texts = await drainOrphans(room.spool, isDone);
  room.spool.close();
  rmSync(root, { recursive: true });
  return texts;
}

/** The records that had to survive, and the age of those that had not, at the end of so many events. */
function obligations(journal: JournalFs, end: number): { seq: number; ageMs: number }[] {
  const events = journal.events.slice(0, end);
  const nowMs = events.at(-1)?.atMs ?? 0;
  let settled = 0;
  for (const event of events) if (event.type === 'settled') settled = Math.max(settled, event.seq);
  return events.flatMap((event) =>
    event.type === 'accepted' && event.seq > settled
      ? [{ seq: event.seq, ageMs: nowMs - event.atMs }]
      : [],
  );
}

/** How often a segment's file began anew. */
function overwritten({ events }: JournalFs): number {
  const begun = events.flatMap((event) =>
    event.type === 'write' && event.at === 0 && event.bytes.toString('latin1', 0, 4) === 'OTLS'
      ? [event.file]
      : [],
  );
  return begun.length - new Set(begun).size;
}

/** One state of the disk, with `afterSync` one as a sync leaves it; the age in ms of the oldest record that is lost. */
async function cut(c: Case, journal: JournalFs, afterSync: boolean): Promise<number> {
  const { length } = journal.events;
  const syncs = journal.events.flatMap(({ type }, index) => (type === 'synced' ? [index + 1] : []));
  const end = afterSync ? (syncs[c.draw(syncs.length)] ?? length) : 1 + c.draw(length);
  const found = await recover(c, journal, end);
  const seqs = found.map(seqOf);
  assert.deepEqual(found, seqs.map(textOf), `false records after ${end} events`);
  assert.deepEqual(
    seqs,
    [...new Set(seqs)].sort((one, other) => one - other),
  );
  const survivors = new Set(seqs);
  let oldestLostMs = 0;
  for (const { ageMs, seq } of obligations(journal, end)) {
    if (survivors.has(seq)) continue;
    oldestLostMs = Math.max(oldestLostMs, ageMs);
    assert.ok(
      ageMs <= youngMs + passMs,
      `record ${seq}, ${ageMs} ms old, is lost after ${end} events`,
    );
  }
  return oldestLostMs;
}

torture(
  'T11',
  'the power goes: 2,000 legal states of the disk',
  { timeoutMs: sized(120_000, 1_800_000) },
  async (c) => {
    const states = sized(80, 1_000);
    let records = 0;
    let oldestLostMs = 0;
    // Small segments are filled in no time, and their files written over.
    for (const [batches, ringBytes] of [[1], [8, 512 * 1024]] as const) {
      const disk = openDisk(c, ringBytes);
      const { journal } = disk;
      records += await work(c, disk, batches);
      const over = overwritten(journal);
      assert.ok(ringBytes === undefined || over > 10, `${over} files were written over`);
      for (let state = 0; state < states; state++) {
        oldestLostMs = Math.max(oldestLostMs, await cut(c, journal, state % 2 === 0));
      }
      disk.room.spool.close();
    }
    const figures = { states: 2 * states, records, 'oldest lost record, ms': oldestLostMs };
    Object.assign(c.figures, figures);
  },
);

torture('T12', 'fdatasync answers EIO once', {}, async (c) => {
  const { clock, journal, room } = openDisk(c);
  const log = (from: number, to: number) => {
    for (let seq = from; seq <= to; seq++) room.put(textOf(seq));
  };
  log(1, 200);
  journal.nextSyncError = 'EIO';
  clock.advance(1_100);
  await turn();
  const failed = journal.syncs[0];
  assert.ok(failed !== undefined && journal.nextSyncError === undefined);
  // Nothing of what is unsettled depends on the old file any more.
  const written = journal.events.filter((event) => event.type === 'write' && event.file !== failed);
  const again = Buffer.concat(
    written.map((event) => ('bytes' in event ? event.bytes : Buffer.of())),
  );
  for (let seq = 1; seq <= 200; seq++) assert.ok(again.includes(`power:w1:${seq} `));
  log(201, 400);
  for (let step = 0; step < 50; step++) {
    clock.advance(100);
    await turn();
  }
  assert.ok(journal.syncs.length > 1);
  assert.equal(journal.syncs.filter((file) => file === failed).length, 1, 'synced again');
  const told = room.notices.filter(({ code }) => code === 'OTEL_SETUP_SPOOL_SYNC_FAILED');
  assert.equal(told.length, 1);
  const texts = drain(room.spool.own);
  assert.deepEqual(
    texts,
    Array.from({ length: 400 }, (_, index) => textOf(index + 1)),
  );
  assert.deepEqual(room.dropped, {});
  room.spool.close();
  c.figures['syncs afterwards'] = journal.syncs.length - 1;
});
