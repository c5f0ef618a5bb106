// Backlogs: left to others, drained in time, looked for across containers.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type { RequestEntry, StoredRecord } from 'otlp-inbox';
import { assert } from './assert.ts';
import type { Case } from './case.ts';
import type { OrphansPlan } from './child/orphans.ts';
import { diskBytes } from './oracle/inspector.ts';
import { parseId } from './oracle/payload.ts';
import { sized } from './settings.ts';
import { startChild } from './start-child.ts';
import { torture } from './torture.ts';

const mebibyte = 1024 * 1024;

torture('T44', 'a shutdown with 50 MiB left', { forStock: true }, async (c) => {
  const { inbox } = await c.receive({ isBrief: true });
  // Refuses, then takes connections and answers nobody.
  const endpoints = [
    { name: 'refuses', set: () => inbox.setFault({ type: 'status', status: 503 }) },
    { name: 'black hole', set: () => inbox.setFault({ type: 'hang', where: 'request' }) },
  ];
  let slowest = 0;
  for (const { name, set } of endpoints) {
    inbox.setFault({ type: 'status', status: 503 });
    const app = await c.start({ writer: name.replace(' ', '-') });
    const { logged } = await app.log({ count: sized(5, 50) * 1_000, size: 1024 });
    set();
    const startedAt = performance.now();
    const { pending } = await app.shutdown(1_000);
    slowest = Math.max(slowest, performance.now() - startedAt);
    assert.equal(pending, logged, `${name}: it says what is left`);
    const onDisk = c
      .spool()
      .directories.reduce((sum, directory) => sum + directory.pending.length, 0);
    assert.ok(onDisk >= logged, `${name}: ${onDisk} of ${logged} are on disk`);
    const { code, signal, stderr } = await app.end('natural');
    assert.deepEqual({ code, signal }, { code: 0, signal: null }, stderr);
    assert.match(stderr, new RegExp(`${pending.toLocaleString('en')} .*CLOSING`), stderr);
  }
  // Ten times the second that was given.
  assert.ok(slowest <= 10_000, `${slowest} ms`);
  c.figures['slowest, ms'] = Math.round(slowest);
  inbox.setFault(undefined);
  await c.settle();
  c.judge({ duplicates: 0 });
});

const missing = (() => {
  try {
    execFileSync('unshare', ['-Urnp', '--fork', '--kill-child', 'true'], { stdio: 'pipe' });
    return undefined;
  } catch {
    return 'user, network and pid namespaces (unshare -Urnp)';
  }
})();

/** The process of a pid namespace, as this one sees it. */
function innerPid(outer: number): number {
  const children = readFileSync(`/proc/${outer}/task/${outer}/children`, 'utf8');
  return Number(children.trim().split(' ')[0]);
}

torture('T35', 'containers that share a root', { missing }, async (c) => {
  const { inbox } = await c.receive();
  const wrapper = ['unshare', '-Urnp', '--fork', '--kill-child=SIGKILL'];
  // In a network of its own nobody reaches the receiver.
  const container = (writer: string) => c.start({ wrapper, writer });
  const living = await container('living');
  const stopped = await container('stopped');
  const killed = await container('killed');
  const later = await container('later');
  const all = [living, stopped, killed, later];
  const homes = new Map<string, string>();
  for (const app of all) {
    await app.log({ count: 100 });
    homes.set(app.writer, (await app.stats()).spool.directory ?? '');
  }
  const home = (writer: string) => homes.get(writer) ?? '';
  process.kill(innerPid(stopped.child.pid ?? 0), 'SIGSTOP');

  // A minute of its clock takes 1.5 s.
  const scanner = await c.start({
    wrapper,
    writer: 'scanner',
    faults: { clock: { speed: 40 } },
  });
  const adopted = async () => (await scanner.stats()).adopted.accepted;
  assert.equal(await adopted(), 0);
  process.kill(innerPid(killed.child.pid ?? 0), 'SIGKILL');
  await killed.ended;
  await c.until(async () => (await adopted()) === 100, 'the dead one is adopted', 30_000);
  assert.ok(!existsSync(home('killed')));
  process.kill(innerPid(later.child.pid ?? 0), 'SIGKILL');
  await later.ended;
  await c.until(async () => (await adopted()) === 200, 'another whole scan has been', 30_000);
  assert.ok(existsSync(home('living')) && existsSync(home('stopped')));

  process.kill(innerPid(stopped.child.pid ?? 0), 'SIGCONT');
  for (const app of [living, stopped, scanner]) {
    await app.log({ count: 100 });
    process.kill(innerPid(app.child.pid ?? 0), 'SIGKILL');
    await app.ended;
  }
  inbox.setFault(undefined);
  await c.settle();
  c.judge({ duplicates: 0 });
});

/** How late live records came, in ms. */
class Ages {
  readonly #writer: string;
  readonly #ages: number[] = [];

  constructor(writer: string) {
    this.#writer = writer;
  }

  readonly add = ({ record, timestampNs }: StoredRecord): void => {
    if (parseId(String(record.attributes.id))?.writer !== this.#writer) return;
    this.#ages.push(Date.now() - Number(timestampNs / 1_000_000n));
  };

  get p99(): number {
    const sorted = this.#ages.toSorted((one, other) => one - other);
    return sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
  }
}

/** The requests of a replay: each holds a quarter of a second's worth, and so says what pace it goes at. */
class Replay {
  readonly refusedAtMs: number[] = [];
  readonly #live: string;
  readonly #sent: { readonly atMs: number; readonly bytes: number }[] = [];
  #bytes = 0;

  constructor(live: string) {
    this.#live = live;
  }

  readonly addRecord = ({ bytes, record }: StoredRecord): void => {
    if (parseId(String(record.attributes.id))?.writer !== this.#live) this.#bytes += bytes.length;
  };

  readonly addRequest = ({ status }: RequestEntry): void => {
    const atMs = performance.now();
    if (status === 429) this.refusedAtMs.push(atMs);
    if (this.#bytes > 0) this.#sent.push({ atMs, bytes: this.#bytes });
    this.#bytes = 0;
  };

  get startedAtMs(): number {
    return this.#sent[0]?.atMs ?? Number.NaN;
  }

  /** Of the requests from one moment to another, in bytes. */
  largest(fromMs: number, toMs: number): number {
    const within = this.#sent.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
    return Math.max(0, ...within.map(({ bytes }) => bytes));
  }
}

/** From 512 KB/s, a quarter more or less for each process; half as fast after each refusal. */
function checkPace(replay: Replay): void {
  const { refusedAtMs, startedAtMs } = replay;
  const first = replay.largest(startedAtMs, startedAtMs + 900);
  assert.ok(first > 0 && first <= (512 * 1024 * 1.25) / 4, `${first} bytes in the first second`);
  assert.equal(refusedAtMs.length, 3);
  for (const atMs of refusedAtMs) {
    const before = replay.largest(atMs - 1_500, atMs);
    // One may have been under way when the refusal came; within a second it may grow by 15 %.
    const after = replay.largest(atMs + 100, atMs + 1_100);
    assert.ok(after <= Math.max(64 * 1024, before * 0.5 * 1.2), `${before}, then ${after} bytes`);
  }
}

async function makeOrphans(c: Case, orphans: number, bytes: number): Promise<void> {
  const size = 1024;
  const most = 50;
  const records = Math.floor(bytes / orphans / size);
  for (let made = 0; made < orphans; made += most) {
    const more = { orphans: Math.min(most, orphans - made), records, size };
    const plan: Partial<OrphansPlan> & { writer: string } = { writer: `o${made}`, ...more };
    const maker = startChild(c, 'orphans.ts', plan, { OTEL_LOG_LEVEL: 'none' });
    await maker.said('made');
    maker.child.kill('SIGKILL');
    await maker.ended;
  }
}

torture('T36', '500 orphans beside live records', {}, async (c) => {
  const ages = new Ages('live');
  const replay = new Replay('live');
  const { inbox } = await c.receive({
    isBrief: true,
    maxBytes: mebibyte,
    onRecord: (record) => {
      ages.add(record);
      replay.addRecord(record);
    },
    onRequest: replay.addRequest,
  });
  inbox.setFault({ type: 'status', status: 503 });
  const orphans = 500;
  await makeOrphans(c, orphans, 400 * mebibyte);
  const backlog = diskBytes(c.spoolRoot);
  inbox.setFault(undefined);

  const app = await c.prepare({ writer: 'live', watchdogMs: 600_000 });
  const before = await app.usage();
  const { initMs } = await app.init();
  const startedAt = performance.now();
  let rss = 0;
  let refusals = 0;
  let refusedAtMs = Number.NEGATIVE_INFINITY;
  await c.until(
    async () => {
      await app.log({ count: 20, rate: 100 });
      const now = performance.now();
      const isFast = replay.largest(now - 1_000, now) > 256 * 1024;
      if (refusals < 3 && now - refusedAtMs > 2_000 && (refusals > 0 || isFast)) {
        refusals++;
        refusedAtMs = now;
        inbox.pushFault({ type: 'retry-after', value: '0' });
      }
      rss = Math.max(rss, (await app.usage()).rss - before.rss);
      const { adopted } = await app.stats();
      return adopted.accepted > 0 && adopted.pending === 0 && c.directories().length === 1;
    },
    'all orphans are drained',
    400_000,
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  await app.flush();
  await app.send({ type: 'sample', isLast: true });
  await app.end('natural');
  Object.assign(c.figures, {
    'backlog, MiB': Math.round(backlog / mebibyte),
    'init(), ms': Math.round(initMs),
    'RSS added, MiB': Math.round(rss / mebibyte),
    'p99 age of live records, ms': Math.round(ages.p99),
    'drained in, s': Math.round(seconds),
  });
  await c.settle();
  c.judge({ duplicates: 0 });
  assert.ok(initMs <= 500, `init() took ${initMs} ms`);
  assert.ok(rss <= 64 * mebibyte, `${rss} bytes more`);
  checkPace(replay);
  assert.ok(ages.p99 <= 5_000, `p99 age ${ages.p99} ms`);
});
