// Many processes at one root: who adopts what, and who must not.

import { existsSync } from 'node:fs';
import type { StoredRecord } from 'otlp-inbox';
import { assert } from './assert.ts';
import type { Case } from './case.ts';
import { Family } from './family.ts';
import { parseId } from './oracle/payload.ts';
import { sized } from './settings.ts';
import { torture } from './torture.ts';

/** Writer to the instance ids under which its records came. */
class Instances {
  readonly byWriter = new Map<string, Set<unknown>>();

  readonly add = ({ record, resource }: StoredRecord): void => {
    const writer = parseId(String(record.attributes.id))?.writer;
    if (writer === undefined) return;
    const known = this.byWriter.get(writer) ?? new Set();
    known.add(resource.attributes['service.instance.id']);
    this.byWriter.set(writer, known);
  };

  check(): void {
    const all = [...this.byWriter.values()].flatMap((ids) => [...ids]);
    assert.equal(all.length, this.byWriter.size, 'each writer has one instance id');
    assert.equal(new Set(all).size, all.length, 'no two writers have the same one');
  }
}

const perRequest = 4_000;

/** One life of a family: each member but the forks is killed at a random moment, then the primary. */
async function killFamily(c: Case, round: number): Promise<number> {
  const size = { cluster: sized(2, 4), fork: sized(1, 2), thread: sized(1, 3) };
  const all = size.cluster + size.fork + size.thread + 1;
  const family = new Family(c, `r${round}`, size);
  const isThere = () => family.members.length === all;
  await c.until(isThere, `a family of ${all} is there: ${family.stderr}`, 60_000);
  const { members } = family;
  const directories = members.map(({ directory }) => directory);
  assert.equal(new Set(directories).size, all, 'each has a directory of its own');

  const forks = members.filter(({ kind }) => kind === 'fork');
  const others = members.filter(({ kind }) => kind === 'cluster' || kind === 'thread');
  for (const member of others.sort(() => c.random() - 0.5)) {
    const goal = c.receiver.arrivals.distinct + c.draw(200);
    await c.until(() => c.receiver.arrivals.distinct >= goal, 'records arrive', 60_000);
    family.end(member);
    await c.until(() => family.isOver(member), `${member.writer} has ended`);
  }
  await family.behead();

  // The forks outlive their parent, and its lock does not live on in them.
  const heir = await c.start({ writer: `heir${round}` });
  const isLeft = (directory: string | undefined) => existsSync(directory ?? '');
  const primary = members.find(({ kind }) => kind === 'primary')?.directory;
  await c.until(() => !isLeft(primary), 'the dead primary is adopted', 60_000);
  for (const fork of forks) {
    assert.ok(!family.isOver(fork) && isLeft(fork.directory), `${fork.writer} keeps its own`);
    family.end(fork);
    await c.until(() => family.isOver(fork), `${fork.writer} has ended`);
  }
  await heir.kill();
  return all + 1;
}

torture(
  'T33',
  'a cluster, forks and threads: each adopted once, nothing shared',
  { forStock: true },
  async (c) => {
    const instances = new Instances();
    await c.receive({ onRecord: instances.add });
    let kills = 0;
    for (let round = 1; round <= sized(1, 20); round++) kills += await killFamily(c, round);
    await c.settle();
    c.judge({ duplicates: kills * perRequest });
    instances.check();
    assert.ok(instances.byWriter.size > kills - sized(1, 20));
    c.figures.kills = kills;
  },
);

torture(
  'T34',
  '20 processes that start at once drain 10 orphans once each',
  { forStock: true },
  async (c) => {
    const { inbox } = await c.receive();
    inbox.setFault({ type: 'status', status: 503 });
    // Each orphan's count is a power of two: a sum says whose records they were.
    const counts = Array.from({ length: 10 }, (_, index) => 2 ** index);
    for (const count of counts) {
      const orphan = await c.start();
      await orphan.log({ count });
      await orphan.kill();
    }
    inbox.setFault(undefined);
    const starters = await Promise.all(counts.flatMap(() => [c.prepare(), c.prepare()]));
    await Promise.all(starters.map((starter) => starter.init()));
    await c.until(
      async () => {
        const all = await Promise.all(starters.map((starter) => starter.stats()));
        return all.reduce((sum, { adopted }) => sum + adopted.delivered, 0) >= 1023;
      },
      'all orphans are delivered',
      60_000,
    );
    const taken = (await Promise.all(starters.map((one) => one.stats()))).map(
      ({ adopted }) => adopted.accepted,
    );
    assert.equal(
      taken.reduce((sum, one) => sum + one, 0),
      1023,
    );
    assert.equal(
      taken.reduce((bits, one) => bits | one, 0),
      1023,
      'each orphan went to one as a whole',
    );
    for (const starter of starters) {
      await starter.send({ type: 'sample', isLast: true });
      await starter.end('natural');
    }
    await c.settle();
    c.judge({ duplicates: 0 });
    c.figures.adopters = taken.filter((one) => one > 0).length;
  },
);
