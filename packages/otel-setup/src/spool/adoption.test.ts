import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { writeSlot } from './cursor.ts';
import {
  codes,
  definition,
  drain,
  drainOrphans,
  limits,
  type Opened,
  open,
  scratch,
  until,
  type Wishes,
} from './harness.test.ts';

const texts = (count: number, mark: string): string[] =>
  Array.from({ length: count }, (_, index) => `${mark}-${index}`);

/** A process's directory as its death leaves it. */
function leave(
  t: TestContext,
  root: string,
  records: readonly string[],
  wishes: Wishes = {},
): Opened {
  const opened = open(t, { root, ...wishes });
  for (const record of records) opened.put(record);
  return opened;
}

async function scanned(opened: Opened, isDone: () => boolean): Promise<void> {
  opened.clock.advance(0);
  await until(isDone);
}

function hashOf(path: string): string {
  const hash = createHash('sha256');
  for (const name of fs.readdirSync(path, { recursive: true }).map(String).sort()) {
    const stat = fs.lstatSync(join(path, name));
    hash.update(`${name} ${stat.mode} ${stat.size}\n`);
    if (stat.isFile()) hash.update(fs.readFileSync(join(path, name)));
  }
  return hash.digest('hex');
}

test('what a dead process left is found at the next start, under its own resource', async (t) => {
  const root = scratch(t);
  leave(t, root, texts(2_000, 'a')).spool.close();
  const next = open(t, { root });
  assert.equal(next.spool.nextOrphan(), undefined, 'not in the turn of the start');
  await scanned(next, () => next.told.rewoken > 0);
  assert.equal(next.told.adopted, 2_000);
  const batch = next.spool.nextOrphan()?.take(limits);
  assert.deepEqual(Buffer.from(batch?.definitions[0]?.resource ?? []), definition.resource);
  assert.deepEqual(drainOrphans(next.spool), texts(2_000, 'a'));
  assert.equal(next.spool.own.pending, 0);
  assert.deepEqual(next.spool.stats().adopted, { found: 2_000, pending: 0, dropped: 0 });
  next.spool.close();
  assert.deepEqual(fs.readdirSync(next.servicePath()), []);
});

test('what one look takes over is told once, with its number and its age', async (t) => {
  const root = scratch(t);
  leave(t, root, texts(30, 'a')).spool.close();
  const half = leave(t, root, texts(20, 'b'));
  half.spool.own.settle(5);
  half.spool.close();
  leave(t, root, ['c'], { route: 'direct' }).spool.close();
  leave(t, root, []).spool.close();
  const next = open(t, { root });
  await scanned(next, () => next.told.tookOver.length > 0 && next.notices.length > 0);
  assert.deepEqual(next.told.tookOver, [
    { records: 45, directories: 2, oldestMs: 1_800_000_001_000 },
  ]);
  assert.deepEqual(codes(next.notices), ['ROUTE_CHANGED'], 'the third is told by its own notice');
  leave(t, root, ['d']).spool.close();
  next.clock.advance(65_001);
  await until(() => next.told.tookOver.length > 1);
  assert.partialDeepStrictEqual(next.told.tookOver[1], { records: 1, directories: 1 });
});

test('a living process keeps its directory', async (t) => {
  const root = scratch(t);
  const living = leave(t, root, ['living']);
  leave(t, root, ['dead']).spool.close();
  const next = open(t, { root });
  await scanned(next, () => next.told.rewoken > 0);
  assert.deepEqual(drainOrphans(next.spool), ['dead']);
  assert.deepEqual(drain(living.spool.own), ['living']);
});

test('a process that dies later is found by the scan of the next minute', async (t) => {
  const root = scratch(t);
  const living = leave(t, root, ['a']);
  const next = open(t, { root });
  next.clock.advance(0);
  living.spool.close();
  next.clock.advance(65_001);
  await until(() => next.told.rewoken > 0);
  assert.deepEqual(drainOrphans(next.spool), ['a']);
});

test('what was settled is not found again, to the record', async (t) => {
  const root = scratch(t);
  const dead = leave(t, root, texts(5_000, 'a'.padEnd(600, 'a')));
  dead.spool.own.settle(3_210);
  dead.spool.close();
  const next = open(t, { root });
  await scanned(next, () => next.told.rewoken > 0);
  assert.equal(next.told.adopted, 1_790);
  assert.deepEqual(drainOrphans(next.spool), texts(5_000, 'a'.padEnd(600, 'a')).slice(3_210));
});

test('what the adopter settles is settled for its own adopter, too', async (t) => {
  const root = scratch(t);
  leave(t, root, texts(100, 'a')).spool.close();
  const second = leave(t, root, texts(50, 'b'));
  await scanned(second, () => second.told.rewoken > 0);
  second.spool.nextOrphan()?.settle(30);
  second.spool.own.settle(20);
  second.spool.close();
  const third = open(t, { root });
  await scanned(third, () => third.told.rewoken > 1);
  assert.deepEqual(
    drainOrphans(third.spool).sort(),
    [...texts(100, 'a').slice(30), ...texts(50, 'b').slice(20)].sort(),
  );
  third.spool.close();
  assert.deepEqual(fs.readdirSync(third.servicePath()), []);
});

test('many starters share the dead, each directory goes to exactly one', async (t) => {
  const root = scratch(t);
  for (let index = 0; index < 10; index++) leave(t, root, texts(20, `dead${index}`)).spool.close();
  const starters = Array.from({ length: 8 }, () => open(t, { root }));
  for (const { clock } of starters) clock.advance(0);
  const found = () => starters.reduce((sum, { told }) => sum + told.adopted, 0);
  await until(() => found() >= 200);
  const all = starters.flatMap(({ spool }) => drainOrphans(spool)).sort();
  const expected = Array.from({ length: 10 }, (_, index) => texts(20, `dead${index}`)).flat();
  assert.deepEqual(all, expected.sort());
});

test('orphans are drained oldest first', async (t) => {
  const root = scratch(t);
  for (const [name, wallMs] of [
    ['young', 3_000],
    ['old', 1_000],
    ['middle', 2_000],
  ] as const) {
    const dead = open(t, { root });
    dead.clock.wallMs = 1_700_000_000_000 + wallMs;
    dead.put(name);
    dead.spool.close();
  }
  const next = open(t, { root });
  await scanned(next, () => next.told.rewoken === 3);
  assert.deepEqual(drainOrphans(next.spool), ['old', 'middle', 'young']);
});

test('both cursor slots damaged: everything is sent again, nothing is lost', async (t) => {
  const root = scratch(t);
  const dead = leave(t, root, texts(100, 'a'));
  dead.spool.own.settle(40);
  const directory = dead.spool.stats().directory ?? '';
  dead.spool.close();
  fs.writeFileSync(join(directory, 'cursor'), Buffer.alloc(8192, 0xaa));
  const next = open(t, { root });
  await scanned(next, () => next.told.rewoken > 0);
  assert.deepEqual(drainOrphans(next.spool), texts(100, 'a'));
});

test('a cursor of the far future is followed, and written on', async (t) => {
  const root = scratch(t);
  const dead = leave(t, root, texts(100, 'a'));
  const path = join(dead.spool.stats().directory ?? '', 'cursor');
  dead.spool.close();
  const slot = Buffer.alloc(64);
  writeSlot(slot, { segment: 1, offset: 0, seq: 40, gapFrom: 0, gapTo: 0, given: 0 }, 2 ** 52);
  fs.writeFileSync(path, slot);
  const second = leave(t, root, []);
  await scanned(second, () => second.told.rewoken > 0);
  second.spool.nextOrphan()?.settle(60);
  second.spool.close();
  const third = open(t, { root });
  await scanned(third, () => third.told.rewoken > 0);
  assert.deepEqual(drainOrphans(third.spool), texts(100, 'a').slice(60));
});

test('a missing segment is skipped and counted', async (t) => {
  const root = scratch(t);
  const all = texts(4_000, 'a'.padEnd(1_000, 'a'));
  const dead = leave(t, root, all);
  const directory = dead.spool.stats().directory ?? '';
  dead.spool.close();
  fs.unlinkSync(join(directory, '000000000002.seg'));
  const next = open(t, { root });
  await scanned(next, () => next.told.rewoken > 0);
  assert.equal(next.told.adopted, 4_000);
  const found = drainOrphans(next.spool);
  assert.ok(found.length > 2_000 && found.length < 3_500);
  assert.deepEqual(next.dropped, { 'adopted corrupt': 4_000 - found.length });
  assert.deepEqual(
    found,
    all.filter((text) => found.includes(text)),
  );
});

test('the first segment missing is counted by the cursor', async (t) => {
  const root = scratch(t);
  const dead = leave(t, root, texts(4_000, 'a'.padEnd(1_000, 'a')));
  const directory = dead.spool.stats().directory ?? '';
  dead.spool.close();
  fs.unlinkSync(join(directory, '000000000001.seg'));
  fs.mkdirSync(join(directory, '000000000001.seg'));
  const next = open(t, { root });
  await scanned(next, () => next.told.rewoken > 0);
  const found = drainOrphans(next.spool);
  assert.deepEqual(next.dropped, { 'adopted corrupt': 4_000 - found.length });
  next.spool.close();
  assert.deepEqual(fs.readdirSync(next.servicePath()), []);
});

test('a segment whose header is damaged is read by its frames', async (t) => {
  const root = scratch(t);
  const all = texts(4_000, 'a'.padEnd(1_000, 'a'));
  const dead = leave(t, root, all);
  const directory = dead.spool.stats().directory ?? '';
  dead.spool.close();
  for (const name of ['000000000001.seg', '000000000003.seg']) {
    const fd = fs.openSync(join(directory, name), 'r+');
    fs.writeSync(fd, Buffer.alloc(64, 0xee), 0, 64, 0);
    fs.closeSync(fd);
  }
  const next = open(t, { root });
  await scanned(next, () => next.told.rewoken > 0);
  assert.deepEqual(drainOrphans(next.spool), all);
  assert.deepEqual(next.dropped, {});
});

test('a hidden directory goes once its maker is dead for a minute', async (t) => {
  const root = scratch(t);
  const next = open(t, { root });
  for (const [name, ageMs] of [
    ['.00000001', 61_000],
    ['.00000002', 1_000],
  ] as const) {
    const path = join(next.servicePath(), name);
    fs.mkdirSync(path, { mode: 0o700 });
    fs.writeFileSync(join(path, 'owner.json'), '{}');
    const at = (next.clock.now() - ageMs) / 1_000;
    fs.utimesSync(path, at, at);
  }
  next.clock.advance(0);
  await until(() => !fs.existsSync(join(next.servicePath(), '.00000001')));
  assert.ok(fs.existsSync(join(next.servicePath(), '.00000002')));
});

test('another release, another format: left to the byte, told once', async (t) => {
  const root = scratch(t);
  const dead = leave(t, root, ['a']);
  const directory = dead.spool.stats().directory ?? '';
  dead.spool.close();
  const owner = fs.readFileSync(join(directory, 'owner.json'), 'utf8');
  fs.writeFileSync(join(directory, 'owner.json'), owner.replace('"format":1', '"format":2'));
  fs.mkdirSync(join(root, 'v2/abc'), { recursive: true });
  fs.writeFileSync(join(root, 'v2/abc/1.seg'), 'records of the future');
  const before = [hashOf(directory), hashOf(join(root, 'v2'))];
  const next = open(t, { root });
  await scanned(next, () => next.notices.length > 0);
  next.clock.advance(70_000);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([hashOf(directory), hashOf(join(root, 'v2'))], before);
  assert.equal(next.spool.nextOrphan(), undefined);
  assert.ok(codes(next.notices).every((code) => code === 'OTHER_FORMAT'));
});

test("another service's backlog stays as it is, and is told with its name and size", async (t) => {
  const root = scratch(t);
  const dead = leave(t, root, texts(100, 'a'), { service: 'billing' });
  const directory = dead.spool.stats().directory ?? '';
  dead.spool.close();
  leave(t, root, ['x'], { service: 'living' });
  const before = hashOf(directory);
  const next = open(t, { root });
  await scanned(next, () => next.notices.length > 0);
  assert.equal(hashOf(directory), before);
  assert.equal(next.told.adopted, 0);
  assert.deepEqual(codes(next.notices), ['OTHER_SERVICE']);
  assert.match(next.notices[0]?.message ?? '', /"billing".*KiB/);
  assert.doesNotMatch(next.notices[0]?.message ?? '', /living/);
});

test('with memory durability a backlog on disk stays as it is, and is told with how to send it', async (t) => {
  const root = scratch(t);
  const dead = leave(t, root, texts(100, 'a'));
  const directory = dead.spool.stats().directory ?? '';
  dead.spool.close();
  leave(t, root, ['of a living process']);
  leave(t, root, ['x'], { service: 'billing' }).spool.close();
  const before = hashOf(directory);
  const next = open(t, { root, durability: 'memory' });
  await scanned(next, () => next.notices.length > 0);
  assert.equal(hashOf(directory), before);
  assert.equal(next.told.adopted, 0);
  assert.deepEqual(codes(next.notices), ['LEFT_BEHIND']);
  const { level, message = '' } = next.notices[0] ?? {};
  assert.equal(level, 'warn');
  assert.ok(message.includes(directory) && !message.includes(' more '), message);
  assert.match(message, /spool replay.*LOG_DURABILITY=record/);
});

test('a backlog of the other route goes the new way, and one notice says so', async (t) => {
  const root = scratch(t);
  leave(t, root, ['a'], { route: 'direct' }).spool.close();
  const next = open(t, { root });
  await scanned(next, () => next.notices.length > 0);
  assert.deepEqual(codes(next.notices), ['ROUTE_CHANGED']);
  assert.match(
    next.notices[0]?.message ?? '',
    /left 1 record for http:\/\/direct:4318 \(route direct\): .* goes to http:\/\/alloy:4318/,
  );
  assert.deepEqual(drainOrphans(next.spool), ['a']);
});

test('a directory is not taken through a symbolic link', async (t) => {
  const root = scratch(t);
  const elsewhere = leave(t, scratch(t), ['elsewhere']);
  const target = elsewhere.spool.stats().directory ?? '';
  elsewhere.spool.close();
  const next = open(t, { root });
  fs.symlinkSync(target, join(next.servicePath(), '00000001'));
  leave(t, root, ['a']).spool.close();
  await scanned(next, () => next.told.rewoken > 0);
  assert.deepEqual(drainOrphans(next.spool), ['a']);
  assert.ok(fs.existsSync(join(target, '000000000001.seg')));
});

test('a directory that cannot be opened for want of descriptors is opened later', async (t) => {
  const root = scratch(t);
  leave(t, root, texts(100, 'a')).spool.close();
  let isShort = false;
  let attempts = 0;
  const openSync = ((...args: Parameters<typeof fs.openSync>) => {
    if (isShort && String(args[0]).endsWith('.seg')) {
      attempts++;
      throw Object.assign(new Error('EMFILE'), { code: 'EMFILE' });
    }
    return fs.openSync(...args);
  }) as typeof fs.openSync;
  const next = open(t, { root, fs: { openSync } });
  isShort = true;
  // The probe before the adoption reads, too: it is the adopted directory that counts.
  await scanned(next, () => attempts > 1);
  assert.deepEqual(drainOrphans(next.spool), []);
  isShort = false;
  next.clock.advance(1_000);
  assert.deepEqual(drainOrphans(next.spool), texts(100, 'a'));
  assert.deepEqual([next.told.adopted, next.dropped], [100, {}]);
});

test('a segment whose mode was taken away is read all the same', async (t) => {
  const root = scratch(t);
  const dead = leave(t, root, ['a']);
  const segment = join(dead.spool.stats().directory ?? '', '000000000001.seg');
  dead.spool.close();
  fs.chmodSync(segment, 0);
  const openSync = ((...args: Parameters<typeof fs.openSync>) => {
    const stat = fs.lstatSync(args[0], { throwIfNoEntry: false });
    if (stat !== undefined && (stat.mode & 0o400) === 0) {
      throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
    }
    return fs.openSync(...args);
  }) as typeof fs.openSync;
  const next = open(t, { root, fs: { openSync } });
  await scanned(next, () => next.told.rewoken > 0);
  assert.deepEqual(drainOrphans(next.spool), ['a']);
});

test('a path longer than a socket address is locked and probed all the same', async (t) => {
  const root = join(scratch(t), 'x'.repeat(120));
  const living = leave(t, root, ['living']);
  const dead = leave(t, root, ['dead']);
  assert.equal(dead.spool.stats().mode, 'record');
  dead.spool.close();
  const next = open(t, { root });
  await scanned(next, () => next.told.rewoken > 0);
  assert.deepEqual(drainOrphans(next.spool), ['dead']);
  assert.deepEqual(drain(living.spool.own), ['living']);
});
