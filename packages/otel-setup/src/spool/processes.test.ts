import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import cluster from 'node:cluster';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import type { Orders } from '../../../../test/programs/spool-writer.ts';
import { drainOrphans, HandClock, type Opened, open, scratch, until } from './harness.test.ts';
import type { CrashPoint } from './options.ts';

const program = join(import.meta.dirname, '../../../../test/programs/spool-writer.ts');

class Place {
  readonly root: string;
  readonly #base: string;

  constructor(t: TestContext) {
    this.#base = scratch(t);
    this.root = join(this.#base, 'root');
  }

  orders(writer: string, wishes: Partial<Orders> = {}): string {
    const orders: Orders = {
      root: this.root,
      accepted: join(this.#base, 'accepted'),
      delivered: join(this.#base, 'delivered'),
      writer,
      count: 20,
      deliver: false,
      ...wishes,
    };
    return JSON.stringify(orders);
  }

  lines(file: 'accepted' | 'delivered'): string[] {
    const path = join(this.#base, file);
    return fs.existsSync(path) ? fs.readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
  }

  directories(): string[] {
    const [service = ''] = fs.readdirSync(join(this.root, 'v1'));
    return fs.readdirSync(join(this.root, 'v1', service));
  }
}

function start(t: TestContext, orders: string): ChildProcess {
  const child = spawn(process.execPath, [program, orders], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

async function firstLine(child: ChildProcess): Promise<string> {
  assert.ok(child.stdout !== null);
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  return chunk.toString();
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** A start that comes a minute later, and what it finds. */
async function adoptAll(t: TestContext, place: Place): Promise<[string[], Opened]> {
  const clock = new HandClock();
  clock.wallMs = Date.now() + 90_000;
  const opened = open(t, { root: place.root, clock });
  clock.advance(0);
  const own = (opened.spool.stats().directory ?? '').slice(-8);
  await until(() => place.directories().every((name) => name === own || name === 'quarantine'));
  return [drainOrphans(opened.spool).map((text) => text.trimEnd()), opened];
}

function checkLedger(place: Place, found: readonly string[]): void {
  const all = [...place.lines('delivered'), ...found];
  const stored = new Set(all.filter((id) => !id.startsWith('before:')));
  const lost = place.lines('accepted').filter((id) => !stored.has(id));
  assert.equal(lost.length, 0, `lost: ${lost}`);
  const accepted = new Set(place.lines('accepted'));
  const writers = new Set([...accepted].map((id) => id.split(':')[0]));
  const extra = [...stored].filter((id) => !accepted.has(id));
  // The one whose call had not returned.
  assert.ok(extra.length <= Math.max(1, writers.size), `${extra}`);
}

test('no record whose call returned is lost in 20 SIGKILLs, and no directory stays', async (t) => {
  const chain = async (): Promise<void> => {
    const place = new Place(t);
    for (let round = 0; round < 5; round++) {
      const child = start(t, place.orders(`w${round}`));
      await firstLine(child);
      // Somewhere in the middle of what it goes on to write.
      const goal = place.lines('accepted').length + Math.floor(Math.random() * 500);
      await until(() => place.lines('accepted').length >= goal);
      await kill(child);
    }
    const [found, opened] = await adoptAll(t, place);
    assert.deepEqual(
      found.filter((id, index) => found.indexOf(id) !== index),
      [],
    );
    checkLedger(place, found);
    opened.spool.close();
    assert.deepEqual(place.directories(), []);
  };
  await Promise.all([chain(), chain(), chain(), chain()]);
});

const points: readonly CrashPoint[] = [
  'dir-made',
  'lock-bound',
  'owner-written',
  'renamed',
  'segment-created',
  'header-written',
  'frame-written',
  'segment-rolled',
  'cursor-written',
  'segment-unlinked',
  'dir-removed',
];

/** The third segment lies in the file of the first. */
const hits: Partial<Record<CrashPoint, readonly number[]>> = {
  'segment-created': [1, 3],
  'header-written': [1, 3],
  'frame-written': [1, 7],
  'cursor-written': [1, 7],
};

for (const point of points) {
  test(`a death after ${point} loses nothing, and leaves no directory`, async (t) => {
    for (const hit of hits[point] ?? [1]) {
      const place = new Place(t);
      const before = open(t, { root: place.root });
      for (let index = 0; index < 50; index++) before.put(`before:${index}`.padEnd(1_000));
      before.spool.close();
      const child = start(t, place.orders('w', { point, hit, count: 2_400, deliver: true }));
      const [, signal] = await once(child, 'exit');
      assert.equal(signal, 'SIGKILL');
      const [found, opened] = await adoptAll(t, place);
      const all = [...place.lines('delivered'), ...found];
      assert.equal(new Set(all.filter((id) => id.startsWith('before:'))).size, 50);
      checkLedger(place, found);
      opened.spool.close();
      assert.deepEqual(place.directories(), []);
    }
  });
}

test('a process that is stopped is alive', async (t) => {
  const place = new Place(t);
  const child = start(t, place.orders('w'));
  await firstLine(child);
  child.kill('SIGSTOP');
  const other = open(t, { root: place.root });
  other.put('dead');
  other.spool.close();
  const opened = open(t, { root: place.root });
  opened.clock.advance(0);
  await until(() => opened.told.rewoken > 0);
  opened.spool.scan();
  assert.deepEqual(drainOrphans(opened.spool), ['dead']);
  assert.equal(opened.told.adopted, 1);
  child.kill('SIGCONT');
  await kill(child);
});

test("a child that outlives its parent does not hold the parent's lock", async (t) => {
  const place = new Place(t);
  const parent = start(t, place.orders('w', { child: true }));
  const pid = Number.parseInt(await firstLine(parent), 10);
  t.after(() => process.kill(pid, 'SIGKILL'));
  await until(() => place.lines('accepted').length >= 10);
  await kill(parent);
  process.kill(pid, 0);
  const [found] = await adoptAll(t, place);
  checkLedger(place, found);
});

test('two workers of a cluster have a directory and a lock each', async (t) => {
  const place = new Place(t);
  const workers = ['one', 'two'].map((writer) => {
    cluster.setupPrimary({ exec: program, args: [place.orders(writer)], silent: true });
    return cluster.fork();
  });
  t.after(() => workers.map(({ process }) => process.kill('SIGKILL')));
  await Promise.all(workers.map(({ process }) => firstLine(process as ChildProcess)));
  assert.equal(place.directories().length, 2);
  const [first, second] = workers;
  await kill(first?.process as ChildProcess);
  const opened = open(t, { root: place.root });
  opened.clock.advance(0);
  await until(() => opened.told.rewoken > 0);
  assert.deepEqual(
    new Set(drainOrphans(opened.spool).map((text) => text.split(':')[0])),
    new Set(['one']),
  );
  await kill(second?.process as ChildProcess);
});

test('a worker thread that is terminated leaves a directory to adopt', async (t) => {
  const place = new Place(t);
  const worker = new Worker(program, { argv: [place.orders('w')], stdout: true });
  await until(() => place.lines('accepted').length >= 10);
  await worker.terminate();
  const [found] = await adoptAll(t, place);
  checkLedger(place, found);
});
