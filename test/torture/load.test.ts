// Load: what overload, length and a slow endpoint cost the process.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from './assert.ts';
import type { FsFaults } from './child/file-system.ts';
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
  const stats = await app.stats();
  const given = Object.values(stats.dropped).reduce((sum, count) => sum + count, 0);
  await app.send({ type: 'sample', isLast: true });
  await app.end('natural');
  await c.settle();
  // A gap record of ours may itself be dropped: it is counted, and no id is missing for it.
  const own = stats.accepted - count;
  const { arrivals } = c.judge({ duplicates: 0, own }, ['lost']);
  const missing = count + 1 - arrivals.distinct;
  assert.ok(given >= missing && given <= missing + own, `${given} dropped, ${missing} missing`);
  Object.assign(c.figures, {
    'loop delay p99, ms': Math.round(ours.delayMs),
    'without the SDK, ms': Math.round(control.delayMs),
    'RSS added, MiB': Math.round(ours.rss / mebibyte),
    dropped: given,
  });
  assert.ok(ours.delayMs <= control.delayMs + 200, JSON.stringify(c.figures));
  assert.ok(ours.rss <= 100 * mebibyte, JSON.stringify(c.figures));
});

/** What is open: without the times of what comes and goes in each turn. */
async function openIn(process: TorturedProcess): Promise<{ descriptors: number; timers: number }> {
  const { descriptors, handles } = await process.usage();
  return { descriptors, timers: handles.filter((name) => name === 'Timeout').length };
}

torture('T38', 'a long life with an outage in every second part', { forStock: true }, async (c) => {
  const { inbox } = await c.receive({ isBrief: true, maxBytes: mebibyte });
  const app = await c.start({ watchdogMs: 900_000 });
  const parts = 20;
  const rate = 10_000;
  const count = sized(1_000, 5 * rate);
  const drained = () =>
    c.until(async () => (await app.stats()).pending === 0, 'it is drained', 120_000);
  let early: Awaited<ReturnType<typeof openIn>> | undefined;
  let earlyRss = 0;
  for (let part = 1; part <= parts; part++) {
    inbox.setFault(part % 2 === 0 ? { type: 'cut' } : undefined);
    await app.log({ count, rate });
    if (part === parts / 10) {
      inbox.setFault(undefined);
      await drained();
      early = await openIn(app);
      earlyRss = (await app.usage()).rss;
    }
  }
  inbox.setFault(undefined);
  await drained();
  const { rss } = await app.usage();
  const late = await openIn(app);
  const { spool } = await app.stats();
  await app.send({ type: 'sample', isLast: true });
  // Nothing of ours keeps it alive.
  const { code, signal } = await app.end('natural');
  assert.deepEqual({ code, signal }, { code: 0, signal: null });
  await c.settle();
  c.judge({ duplicates: 0 });
  // A descriptor more: the segment that is sealed and not yet synced.
  assert.ok(late.descriptors <= (early?.descriptors ?? 0) + 2, JSON.stringify({ early, late }));
  assert.ok(late.timers <= (early?.timers ?? 0) + 1, JSON.stringify({ early, late }));
  assert.ok(spool.diskBytes <= 2 * mebibyte, `${spool.diskBytes} bytes`);
  c.figures['RSS from 10 % on, MiB'] = Math.round((rss - earlyRss) / mebibyte);
});

/** Bytes that went to a device; undefined where the kernel does not count. */
function deviceBytes({ child }: TorturedProcess): number {
  const io = readFileSync(`/proc/${child.pid}/io`, 'utf8');
  const read = (name: string) => Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(io)?.[1] ?? 0);
  return read('write_bytes') - read('cancelled_write_bytes');
}

torture('T43', 'what a healthy spool costs the disk', {}, async (c) => {
  const { inbox } = await c.receive({ isBrief: true, maxBytes: mebibyte });
  inbox.setFault({ type: 'slow', ms: 200 });
  const trace = join(c.folder, 'syncs');
  writeFileSync(trace, '');
  const fs: FsFaults = { trace: { ops: ['fdatasync', 'fdatasyncSync'], file: trace } };
  const app = await c.start({ faults: { fs } });
  // A quarter of what it can take: an answer in time is the condition, whatever else this machine does.
  const [rate, seconds] = [1_000, sized(2, 20)];
  const before = deviceBytes(app);
  await app.log({ count: rate * seconds, rate, size: 1024 });
  const written = deviceBytes(app) - before;
  await c.until(async () => (await app.stats()).pending === 0, 'it is drained', 60_000);
  const { encoded } = (await app.stats()).bytes;
  const syncs = readFileSync(trace, 'utf8').split('\n').length - 1;
  await app.send({ type: 'sample', isLast: true });
  await app.end('natural');
  inbox.setFault(undefined);
  await c.settle();
  c.judge({ duplicates: 0 });
  Object.assign(c.figures, {
    'spooled, MiB': Math.round(encoded / mebibyte),
    'to the device, MiB': Math.round((written / mebibyte) * 10) / 10,
    'syncs of data': syncs,
  });
  // None is due while records are settled within a second, which takes a machine that does not stall for so long.
  assert.ok(syncs <= 2, `${syncs} syncs`);
  assert.ok(written <= encoded / 10, JSON.stringify(c.figures));
});
