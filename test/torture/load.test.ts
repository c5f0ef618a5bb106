// Load: what overload, length and a slow endpoint cost the process.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from './assert.ts';
import type { FsFaults } from './child/file-system.ts';
import { diskBytes } from './oracle/inspector.ts';
import type { TorturedProcess } from './process.ts';
import { sized } from './settings.ts';
import { torture } from './torture.ts';

const mebibyte = 1024 * 1024;

torture('T37', 'more than the receiver takes', { forStock: true }, async (c) => {
  const { inbox } = await c.receive({ isBrief: true, maxBytes: mebibyte });
  // A request holds about 2,000 such records.
  inbox.setFault({ type: 'slow', ms: 400 });
  const base = await c.start({ sdk: 'none' });
  const app = await c.start({ watchdogMs: 600_000 });
  const count = 1_000_000;
  const measure = async (process: TorturedProcess): Promise<{ rss: number; delayMs: number }> => {
    const before = await process.usage();
    await process.log({ count, rate: 100_000 });
    const after = await process.usage();
    return { rss: after.rss - before.rss, delayMs: after.loopDelayP99Ms };
  };
  const ours = await measure(app);
  const control = await measure(base);
  await base.kill();
  inbox.setFault(undefined);
  await c.until(async () => (await app.stats()).pending === 0, 'it is drained', 300_000);
  await app.send({ type: 'sample', isLast: true });
  await app.end('natural');
  await c.settle();
  // All of it is less than the cap of 512 MiB.
  c.judge({ duplicates: 0 });
  Object.assign(c.figures, {
    'loop delay p99, ms': Math.round(ours.delayMs),
    'without the SDK, ms': Math.round(control.delayMs),
    'RSS added, MiB': Math.round(ours.rss / mebibyte),
  });
  assert.ok(ours.delayMs <= control.delayMs + 200, JSON.stringify(c.figures));
  assert.ok(ours.rss <= 100 * mebibyte, JSON.stringify(c.figures));
});

/** What is open: without the times of what comes and goes in each turn. */
async function openIn(process: TorturedProcess): Promise<Record<string, number>> {
  const { descriptors, handles, listeners } = await process.usage();
  return { descriptors, timers: handles.filter((name) => name === 'Timeout').length, listeners };
}

torture(
  'T38',
  'a long life with an outage of 2 s in every 10 s',
  { forStock: true, timeoutMs: 1_800_000 },
  async (c) => {
    const { inbox } = await c.receive({ isBrief: true, maxBytes: mebibyte });
    const app = await c.start({ nodeArgs: ['--expose-gc'], watchdogMs: 1_700_000 });
    const rate = sized(2_000, 20_000);
    const rounds = sized(1, 50);
    const drained = () =>
      c.until(async () => (await app.stats()).pending === 0, 'it is drained', 120_000);
    let early: Record<string, number> = {};
    let earlyRss = 0;
    for (let round = 1; round <= rounds; round++) {
      await app.log({ count: 8 * rate, rate });
      inbox.setFault({ type: 'cut' });
      await app.log({ count: 2 * rate, rate });
      inbox.setFault(undefined);
      // A receiver on a busy machine takes less than is logged: the cap is not what is tested here.
      await drained();
      if (round !== Math.ceil(rounds / 10)) continue;
      early = await openIn(app);
      earlyRss = (await app.usage()).rss;
    }
    const { rss } = await app.usage();
    const late = await openIn(app);
    const { spool } = await app.stats();
    await app.send({ type: 'sample', isLast: true });
    // Nothing of ours keeps it alive.
    const { code, signal } = await app.end('natural');
    assert.deepEqual({ code, signal }, { code: 0, signal: null });
    await c.settle();
    c.judge({ duplicates: 0 });
    c.figures['RSS from 10 % on, MiB'] = Math.round((rss - earlyRss) / mebibyte);
    // One more of each may be under way: a segment that is sealed and not yet synced, a wait between two attempts.
    for (const [name, before] of Object.entries(early)) {
      const most = name === 'listeners' ? before : before + 1;
      assert.ok((late[name] ?? 0) <= most, JSON.stringify({ early, late }));
    }
    assert.ok(spool.diskBytes <= 2 * mebibyte, `${spool.diskBytes} bytes`);
  },
);

/** Bytes that went to a device; undefined where the kernel does not count. */
function deviceBytes({ child }: TorturedProcess): number {
  const io = readFileSync(`/proc/${child.pid}/io`, 'utf8');
  const read = (name: string) => Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(io)?.[1] ?? 0);
  return read('write_bytes') - read('cancelled_write_bytes');
}

/** Between two requests: with another one's time, a record may wait for a second. */
const stallMs = 400;

torture('T43', 'what a healthy spool costs the disk', {}, async (c) => {
  const times: number[] = [];
  const onRequest = () => times.push(performance.now());
  const { inbox } = await c.receive({ isBrief: true, maxBytes: mebibyte, onRequest });
  inbox.setFault({ type: 'slow', ms: 200 });
  const trace = join(c.folder, 'syncs');
  writeFileSync(trace, '');
  const fs: FsFaults = { trace: { ops: ['fdatasync', 'fdatasyncSync'], file: trace } };
  const app = await c.start({ faults: { fs }, watchdogMs: 300_000 });
  // One request at a time, each of less than 1 MB and 0.25 s: 3.4 MB/s is the most that such an endpoint is sent.
  const [rate, seconds] = [2_000, sized(5, 40)];
  const before = deviceBytes(app);
  await app.log({ count: rate * seconds, rate, size: 1024 });
  await c.until(async () => (await app.stats()).pending === 0, 'it is drained', 60_000);
  // What is still there was never synced, and goes with the process.
  const written = Math.max(0, deviceBytes(app) - before - diskBytes(c.spoolRoot));
  const { encoded } = (await app.stats()).bytes;
  const syncs = readFileSync(trace, 'utf8').split('\n').length - 1;
  const stalls = times.filter((at, index) => at - (times[index - 1] ?? at) > stallMs).length;
  await app.send({ type: 'sample', isLast: true });
  await app.end('natural');
  inbox.setFault(undefined);
  await c.settle();
  c.judge({ duplicates: 0 });
  Object.assign(c.figures, {
    'spooled, MiB': Math.round(encoded / mebibyte),
    'to the device, MiB': Math.round((written / mebibyte) * 10) / 10,
    'syncs of data': syncs,
    'stalls of the machine': stalls,
  });
  // None is due while records are settled within a second; a machine that stalls lets them grow older.
  assert.ok(syncs <= 4 * stalls, `${syncs} syncs, ${stalls} stalls`);
  assert.ok(stalls > 0 || written <= encoded / 100, JSON.stringify(c.figures));
});
