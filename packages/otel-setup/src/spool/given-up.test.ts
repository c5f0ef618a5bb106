// What becomes of records that only memory held, or that were given up, when the process is killed.

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { type TestContext, test } from 'node:test';
import type { FileSystem } from '../world.ts';
import { drain, drainOrphans, type Opened, open, scratch, until } from './harness.test.ts';

const errorSeverity = 17;
const every = 10;

/** A spool whose disk is full from the second record on; each tenth record is an error. */
function fullDisk(t: TestContext, ringBytes: number): Opened {
  let free = 0.5;
  const statfsSync = ((path: string) => {
    const stat = fs.statfsSync(path);
    return { ...stat, type: 0, bsize: 4_096, blocks: 1_000_000, bavail: 1_000_000 * free };
  }) as FileSystem['statfsSync'];
  const opened = open(t, { fs: { statfsSync }, ringBytes });
  free = 0.01;
  while (opened.spool.stats().mode === 'record') {
    opened.put('fill'.padEnd(20_000, '.'));
    drain(opened.spool.own);
  }
  return opened;
}

function put(opened: Opened, count: number): void {
  for (let index = 0; index < count; index++) {
    opened.put(`r-${index}`.padEnd(1_000, '.'), index % every === 0 ? errorSeverity : 9);
  }
}

/** The next start, which finds what this process would leave if it were killed now. */
async function afterKill(t: TestContext, { root: from }: Pick<Opened, 'root'>): Promise<Opened> {
  const root = scratch(t);
  const filter = (path: string) => !fs.lstatSync(path).isSocket();
  fs.cpSync(from, root, { recursive: true, filter });
  const next = open(t, { root });
  next.clock.advance(0);
  await until(() => next.told.rewoken > 0);
  return next;
}

const droppedBy = ({ dropped }: Opened): number => dropped['adopted disk_full'] ?? 0;

test('what only memory held when a process was killed is counted, and told in a gap', async (t) => {
  const opened = fullDisk(t, 8 * 1024 * 1024);
  put(opened, 2_000);
  assert.deepEqual(opened.dropped, {});
  const next = await afterKill(t, opened);
  const found = drainOrphans(next.spool);
  assert.equal(found.length, 2_000 / every);
  // Of those behind the last one on disk nobody knows.
  assert.equal(next.told.adopted, found.length + droppedBy(next));
  assert.equal(droppedBy(next), 2_000 - every + 1 - found.length);
  next.clock.advance(1_000);
  assert.deepEqual(
    next.gaps.map(({ count, reason }) => [count, reason]),
    [[droppedBy(next), 'disk_full']],
  );
});

test('what a process had given up and counted is not counted by its adopter, nor by the next', async (t) => {
  const opened = fullDisk(t, 512 * 1024);
  put(opened, 4_000);
  const given = opened.dropped.disk_full ?? 0;
  assert.ok(given > 2_000, `${given}`);
  const next = await afterKill(t, opened);
  // A part is settled before this one is killed as well.
  const queue = next.spool.nextOrphan();
  let settled = 0;
  for (let turn = 0; turn < 5; turn++) {
    const batch = queue?.take({ maxBytes: 3_500, maxExpandedBytes: 3_000_000 });
    settled += batch?.count ?? 0;
    queue?.settle(batch?.seqs[batch.count - 1] ?? 0);
  }
  assert.ok(settled >= 5 && settled < 100, `${settled}`);
  const last = await afterKill(t, next);
  const found = drainOrphans(last.spool);
  assert.equal(settled + found.length, 4_000 / every);
  const lost = 4_000 - every + 1 - given - 4_000 / every;
  assert.equal(droppedBy(next) + droppedBy(last), lost);
  assert.equal(last.told.adopted, found.length + droppedBy(last));

  // The one that lives to its end sees the same.
  const alone = await afterKill(t, opened);
  assert.equal(drainOrphans(alone.spool).length, 4_000 / every);
  assert.equal(droppedBy(alone), lost);
  assert.equal(alone.told.adopted, 4_000 / every + lost);
});
