// Disks that are full, closed, slow or capped.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DecodedLogRecord, StoredRecord } from 'otlp-inbox';
import { Calls } from './calls.ts';
import type { Case, StartOptions } from './case.ts';
import type { FsRule } from './child/file-system.ts';
import { diskBytes } from './oracle/inspector.ts';
import type { TorturedProcess } from './process.ts';
import { sized } from './settings.ts';
import { inside, missingDisk, smallDisk, spoolInside } from './small-disk.ts';
import { torture } from './torture.ts';

/** The SDK's own records, as the receiver has them. */
class Gaps {
  readonly records: DecodedLogRecord[] = [];

  readonly add = ({ record }: StoredRecord): void => {
    if (record.eventName === 'otel_setup.gap') this.records.push(record);
  };

  get count(): number {
    return this.records.reduce(
      (sum, { attributes }) => sum + Number(attributes['otel_setup.gap.count']),
      0,
    );
  }
}

async function dropped(process: TorturedProcess): Promise<number> {
  const stats = await process.stats();
  return Object.values(stats.dropped).reduce((sum, count) => sum + count, 0);
}

async function drained(c: Case, app: TorturedProcess, timeoutMs = 60_000): Promise<void> {
  await c.until(async () => (await app.stats()).pending === 0, 'it is drained', timeoutMs);
}

const namespaces = missingDisk();

torture('T15', 'a full disk keeps its errors', { missing: namespaces }, async (c) => {
  const gaps = new Gaps();
  const { arrivals, inbox } = await c.receive({ onRecord: gaps.add });
  inbox.setFault({ type: 'status', status: 503 });
  const app = await c.start({ wrapper: smallDisk(c, 'size=2m') });
  const [count, errorEvery] = [50_000, 250];
  await app.log({ count, errorEvery });
  assert.ok(diskBytes(inside(app, c.spoolRoot)) <= 2 * 1024 * 1024);
  inbox.setFault(undefined);
  await drained(c, app);
  await c.until(() => gaps.records.length > 0, 'the gap is told');
  await drained(c, app);
  const given = await dropped(app);
  for (let seq = errorEvery; seq <= count; seq += errorEvery) {
    assert.ok(arrivals.has(app.writer, seq), `error ${seq} is stored`);
  }
  assert.ok(given > 0);
  assert.equal(given, count - arrivals.distinct);
  await c.until(() => gaps.count === given, `${gaps.count} of ${given} are told`, 30_000);
  await app.send({ type: 'sample', isLast: true });
  await app.end('natural');
  await c.settle();
  c.judge({ lost: 'counted' });
  Object.assign(c.figures, { dropped: given, 'of them errors': 0 });
});

torture('T16', 'a disk that others fill and free', { missing: namespaces }, async (c) => {
  const { inbox } = await c.receive();
  inbox.setFault({ type: 'status', status: 503 });
  const app = await c.start({ wrapper: smallDisk(c, 'size=4m') });
  const mode = async () => (await app.stats()).spool.mode;
  await app.log({ count: 100, rate: 100 });
  assert.equal(await mode(), 'record');
  const filler = inside(app, join(c.spoolRoot, 'filler'));
  const fill = () => {
    try {
      writeFileSync(filler, Buffer.alloc(8 * 1024 * 1024));
    } catch {
      // Full: that is what it is for.
    }
  };
  fill();
  await app.log({ count: 500, rate: 100 });
  assert.equal(await mode(), 'memory');
  unlinkSync(filler);
  const freedAtMs = performance.now();
  await app.log({ count: 100, rate: 100 });
  await c.until(async () => (await mode()) === 'record', 'it writes to disk again', 15_000);
  c.figures['on disk again after, s'] = Math.round((performance.now() - freedAtMs) / 100) / 10;
  const { directories } = spoolInside(c, app);
  assert.deepEqual(
    directories.map(({ damagedBytes }) => damagedBytes),
    [0],
  );
  assert.equal(directories[0]?.pending.length, (await app.stats()).pending, 'all of it');
  inbox.setFault(undefined);
  await drained(c, app);
  await app.send({ type: 'sample', isLast: true });
  await app.end('natural');
  await c.settle();
  c.judge({ duplicates: 0, notices: ['OTEL_SETUP_SPOOL_DISK_FULL', 'OTEL_SETUP_SERVER_ERROR'] });
});

interface Trouble {
  readonly name: string;
  readonly start?: StartOptions;
  /** Before it starts. */
  prepare?(root: string): void;
  make(app: TorturedProcess, root: string): unknown;
  mend(app: TorturedProcess, root: string): unknown;
  /** @default memory */
  readonly mode?: 'record';
  readonly notice: string;
}

const nobody = 65534;

function limit({ child }: TorturedProcess, what: string): void {
  execFileSync('prlimit', ['--pid', String(child.pid), `--${what}`]);
}

const closed: FsRule = {
  ops: ['openSync', 'mkdirSync', 'writeSync', 'renameSync', 'unlinkSync'],
  path: '/spool-erofs/',
  error: 'EROFS',
};

function troubles(): Trouble[] {
  return [
    {
      name: 'fsize',
      make: (app) => limit(app, 'fsize=65536:'),
      mend: (app) => limit(app, 'fsize=unlimited:'),
      notice: 'DISK_FULL',
    },
    {
      name: 'emfile',
      make: (app) => limit(app, 'nofile=1:'),
      mend: (app) => limit(app, 'nofile=1024:'),
      notice: 'BROKEN',
    },
    {
      name: 'erofs',
      start: { faults: {} },
      make: (app) => app.send({ type: 'faults', faults: { fs: { rules: [closed] } } }),
      mend: (app) => app.send({ type: 'faults', faults: { fs: {} } }),
      notice: 'BROKEN',
    },
    {
      name: 'enoent',
      make: (_, root) => rmSync(root, { recursive: true }),
      mend: () => undefined,
      mode: 'record',
      notice: 'DIRECTORY_LOST',
    },
    {
      name: 'eacces',
      ...(process.getuid?.() === 0 ? { start: { uid: nobody } } : {}),
      make: (_, root) => chmodSync(ownDirectory(root), 0),
      mend: (_, root) => chmodSync(ownDirectory(root), 0o700),
      notice: 'BROKEN',
    },
  ];
}

function ownDirectory(root: string): string {
  const [key = ''] = readdirSync(join(root, 'v1'));
  const [id = ''] = readdirSync(join(root, 'v1', key));
  return join(root, 'v1', key, id);
}

/** Longer than any wait of the spool's own: 30 s and a tick. */
const againMs = 45_000;

async function suffer(c: Case, trouble: Trouble): Promise<number> {
  const { name, make, mend, mode = 'memory', notice, start } = trouble;
  const root = join(c.folder, `spool-${name}`);
  const app = await c.start({ ...start, env: { LOG_SPOOL_DIR: root }, writer: name });
  const modeIs = async (expected: string) => {
    // A segment in two seconds, so that the trouble is met.
    await app.log({ count: 50, rate: 100, size: 4096 });
    return (await app.stats()).spool.mode === expected;
  };
  assert.ok(await modeIs('record'), `${name} begins on disk`);
  await make(app, root);
  const told = () => app.stderr.includes(`OTEL_SETUP_SPOOL_${notice}`);
  await c.until(async () => (await modeIs(mode)) && told(), `${name} is told`, 20_000);
  await mend(app, root);
  const mendedAtMs = performance.now();
  await c.until(() => modeIs('record'), `${name}: on disk again`, againMs);
  const tookMs = performance.now() - mendedAtMs;
  await app.flush();
  await app.send({ type: 'sample', isLast: true });
  const { code, stderr } = await app.end('natural');
  assert.equal(code, 0, stderr);
  const warned = stderr.match(/OTEL_SETUP_SPOOL_(?!RECOVERED)\w+/g) ?? [];
  assert.deepEqual(warned, [`OTEL_SETUP_SPOOL_${notice}`], `${name}: one notice`);
  return tookMs;
}

torture('T17', 'a disk that refuses for a while', {}, async (c) => {
  await c.receive({ isBrief: true });
  // The one that runs as nobody writes here, too.
  openToAll(c);
  const took = await Promise.all(troubles().map((trouble) => suffer(c, trouble)));
  await c.settle();
  c.judge({ duplicates: 0 });
  c.figures['on disk again after, s'] = Math.round(Math.max(...took) / 100) / 10;
});

function openToAll(c: Case): void {
  if (process.getuid?.() !== 0) return;
  for (const path of [c.folder, ...readdirSync(c.folder).map((name) => join(c.folder, name))]) {
    chmodSync(path, 0o777);
  }
}

torture('T18', 'a disk whose writes stall', {}, async (c) => {
  await c.receive();
  const stall = async (delayMs: number): Promise<number> => {
    const writer = `stalls-${delayMs}`;
    const calls = new Calls(c, { writer, sdk: 'world', faults: {} });
    assert.equal((await calls.ready()).mode, 'record');
    const rule: FsRule = { ops: ['writeSync', 'write'], path: '/spool/', delayMs };
    await calls.send({ type: 'fs', faults: { rules: [rule] } });
    const { mode, notices, slowest } = await calls.send({ type: 'log', count: 3_000, rate: 100 });
    const slow = slowest.filter((ms) => ms >= delayMs * 0.9).length;
    assert.ok(slow >= 1 && slow <= 3, `${slow} calls took ${delayMs} ms`);
    // Of the others, whatever this machine's other processes did to them.
    assert.ok((slowest[slow + 10] ?? 0) <= 10, `${slowest.slice(0, 20)}`);
    assert.equal(mode, 'memory');
    assert.equal(notices.filter((code) => code.endsWith('SPOOL_SLOW')).length, 1);
    await calls.send({ type: 'fs', faults: {} });
    const mendedAtMs = performance.now();
    await c.until(
      async () => (await calls.send({ type: 'log', count: 10, rate: 100 })).mode === 'record',
      'it writes to disk again',
      againMs,
    );
    const tookMs = performance.now() - mendedAtMs;
    const { code, stderr } = await calls.end();
    assert.equal(code, 0, stderr);
    return tookMs;
  };
  const took = await Promise.all([stall(50), stall(2_000)]);
  await c.settle();
  c.judge({ duplicates: 0 });
  c.figures['on disk again after, s'] = Math.round(Math.max(...took) / 100) / 10;
});

torture('T19', 'a cap that is reached', {}, async (c) => {
  const gaps = new Gaps();
  const { arrivals, inbox } = await c.receive({ onRecord: gaps.add });
  inbox.setFault({ type: 'status', status: 503 });
  const mebibyte = 1024 * 1024;
  const maxBytes = 8 * mebibyte;
  const app = await c.start({ env: { LOG_SPOOL_MAX_BYTES: String(maxBytes) } });
  let most = 0;
  let written = 0;
  while (written < sized(20, 60) * mebibyte) {
    await app.log({ count: 1_000, size: 1024 });
    written += 1_000 * 1024;
    most = Math.max(most, diskBytes(c.spoolRoot));
  }
  assert.ok(most <= maxBytes + mebibyte, `${most} bytes on disk`);
  const { logged } = await app.log({ count: 1 });
  inbox.setFault(undefined);
  await drained(c, app);
  const given = await dropped(app);
  await c.until(() => gaps.count === given, `${gaps.count} of ${given} are told`, 30_000);
  await drained(c, app);
  const stored = arrivals.distinct;
  assert.equal(given, logged - stored);
  // One run of records is missing: all after those that were on their way when the cap was reached.
  const missing = Array.from({ length: logged }, (_, index) => index + 1).filter(
    (seq) => !arrivals.has(app.writer, seq),
  );
  const [first = 0, last = 0] = [missing[0], missing.at(-1)];
  assert.equal(last - first + 1, given, 'the oldest went');
  assert.ok((logged - last) * 1024 > maxBytes / 2, 'as many are kept as there is room');
  for (const { attributes } of gaps.records) {
    assert.equal(attributes['otel_setup.gap.reason'], 'disk_cap');
    const from = Date.parse(String(attributes['otel_setup.gap.first']));
    assert.ok(from <= Date.parse(String(attributes['otel_setup.gap.last'])));
  }
  await app.send({ type: 'sample', isLast: true });
  await app.end('natural');
  await c.settle();
  c.judge({ lost: 'counted', duplicates: 0 });
  Object.assign(c.figures, {
    dropped: given,
    'most on disk, MiB': Math.round((most / mebibyte) * 10) / 10,
  });
});
