import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  codes,
  definition,
  drain,
  drainOrphans,
  HandClock,
  limits,
  open,
  scratch,
  until,
} from './harness.test.ts';

const texts = (count: number, length = 0): string[] =>
  Array.from({ length: count }, (_, index) => `record-${index}`.padEnd(length, '.'));

test('records come back in their order, byte for byte', (t) => {
  const { spool, put } = open(t);
  for (const text of texts(1_000)) put(text);
  assert.equal(spool.own.pending, 1_000);
  assert.deepEqual(drain(spool.own), texts(1_000));
  assert.deepEqual([spool.own.pending, spool.own.pendingBytes], [0, 0]);
});

test('a record that is logged while the timer of another is begun leaves that one whole', (t) => {
  const clock = new HandClock();
  const { put, spool } = open(t, { clock });
  // As an `async_hooks` listener of the application does.
  const begin = clock.setTimeout.bind(clock);
  clock.setTimeout = (run, delayMs) => {
    clock.setTimeout = begin;
    put('inner');
    return begin(run, delayMs);
  };
  put('outer');
  put('next');
  assert.deepEqual(drain(spool.own).sort(), ['inner', 'next', 'outer']);
});

test('a record is in the file when append returns', (t) => {
  const { put, servicePath, spool } = open(t);
  put('at once');
  const { directory } = spool.stats();
  assert.equal(join(servicePath(), (directory ?? '').slice(-8)), directory);
  assert.match(fs.readFileSync(`${directory}/000000000001.seg`, 'latin1'), /at once/);
});

test('what was delivered leaves the disk of a process that has fallen silent', async (t) => {
  const { clock, put, root, spool, dropped } = open(t);
  const segments = () =>
    fs.readdirSync(spool.stats().directory ?? '').filter((name) => name.endsWith('.seg'));
  put('one');
  assert.deepEqual(drain(spool.own), ['one']);
  put('two');
  clock.advance(61_000);
  assert.deepEqual(segments(), ['000000000001.seg']);
  assert.deepEqual(drain(spool.own), ['two']);
  clock.advance(1_000);
  assert.deepEqual(segments(), []);
  assert.equal(spool.stats().diskBytes, 0);

  // As after a kill: another process finds nothing that is missing.
  const copy = scratch(t);
  fs.cpSync(root, copy, { recursive: true, filter: (path) => !path.endsWith('lock') });
  const next = open(t, { root: copy });
  next.spool.scan();
  await until(() => fs.readdirSync(next.servicePath()).length === 1);
  assert.deepEqual([drainOrphans(next.spool), next.dropped, next.told.adopted], [[], {}, 0]);

  put('three');
  assert.deepEqual(segments(), ['000000000002.seg']);
  assert.deepEqual(drain(spool.own), ['three']);
  assert.deepEqual(dropped, {});
});

test('so does what was written to a disk that was nearly full', (t) => {
  let bavail = 1;
  const statfsSync = ((path: string) => ({
    ...fs.statfsSync(path),
    bsize: 4096,
    blocks: 1e6,
    bavail,
  })) as typeof fs.statfsSync;
  const { clock, put, spool } = open(t, { fs: { statfsSync } });
  put('an error', 17);
  assert.deepEqual(drain(spool.own), ['an error']);
  bavail = 1e6;
  clock.advance(62_000);
  const names = fs.readdirSync(spool.stats().directory ?? '');
  assert.deepEqual(
    names.filter((name) => name.endsWith('.seg')),
    [],
  );
});

test('a segment that cannot be removed stays, and costs the process nothing', (t) => {
  let isImmutable = false;
  const refuse = (path: fs.PathLike) => {
    if (isImmutable && String(path).endsWith('.seg')) {
      throw Object.assign(new Error('EPERM: operation not permitted'), { code: 'EPERM' });
    }
  };
  const { clock, put, spool, dropped } = open(t, {
    fs: {
      unlinkSync: (path) => {
        refuse(path);
        fs.unlinkSync(path);
      },
      rmSync: (path, options) => {
        refuse(path);
        fs.rmSync(path, options);
      },
    },
  });
  put('one');
  assert.deepEqual(drain(spool.own), ['one']);
  isImmutable = true;
  clock.advance(62_000);
  put('two');
  assert.deepEqual([drain(spool.own), dropped], [['two'], {}]);
  isImmutable = false;
});

test('own entries are for their user only, whatever the umask', (t) => {
  const umask = process.umask(0);
  t.after(() => process.umask(umask));
  const { put, root, spool } = open(t, { root: join(scratch(t), 'a/b') });
  put('x');
  const modes = [root, spool.stats().directory ?? ''].flatMap((path) =>
    [path, ...fs.readdirSync(path).map((name) => join(path, name))].map((entry) => {
      const stat = fs.lstatSync(entry);
      return [stat.isDirectory(), stat.mode & 0o777];
    }),
  );
  assert.equal(modes.length, 7);
  for (const [isDirectory, mode] of modes) assert.equal(mode, isDirectory ? 0o700 : 0o600);
});

test('owner.json names the service and the route, and nothing more', (t) => {
  const { clock, spool } = open(t);
  const owner = JSON.parse(fs.readFileSync(`${spool.stats().directory}/owner.json`, 'utf8'));
  assert.deepEqual(owner, {
    format: 1,
    pid: process.pid,
    host: 'here',
    startedAt: clock.now(),
    version: '1.0.0',
    route: 'alloy',
    origin: 'http://alloy:4318',
    service: { namespace: 'shop', name: 'api', environment: 'test' },
  });
});

test('a strange service name makes no strange path', (t) => {
  const { root } = open(t, { service: `../../x\n\0${'y'.repeat(300)}` });
  const paths = fs.readdirSync(root, { recursive: true });
  for (const path of paths) {
    assert.match(String(path), /^v1(\/[0-9a-f]{32}(\/[0-9a-z]{8}(\/[a-z0-9.]+)?)?)?$/);
  }
});

test('the caller may reuse its buffer and parts of it', (t) => {
  const { spool } = open(t);
  const buffer = Buffer.from('..first..');
  const id = spool.define(definition);
  spool.append(buffer, 2, 7, id, 9);
  buffer.fill('x');
  assert.deepEqual(drain(spool.own), ['first']);
});

test('a definition has one number, however often it is defined', (t) => {
  const { spool } = open(t);
  const id = spool.define(definition);
  assert.equal(spool.define({ ...definition }), id);
  assert.notEqual(spool.define({ ...definition, scope: Buffer.from('other') }), id);
  assert.notEqual(
    spool.define({ resource: Buffer.from('resource-as'), scope: Buffer.from('cope-a') }),
    id,
  );
});

test('take gives the same records again until they are settled', (t) => {
  const { put, spool } = open(t);
  for (const text of texts(10)) put(text);
  const first = spool.own.take({ ...limits, maxRecords: 4 });
  const again = spool.own.take({ ...limits, maxRecords: 4 });
  assert.deepEqual(Array.from(again?.seqs ?? []), Array.from(first?.seqs ?? []));
  spool.own.settle(first?.seqs[1] ?? 0);
  assert.equal(spool.own.pending, 8);
  spool.own.settle(1);
  assert.equal(spool.own.pending, 8);
  assert.deepEqual(drain(spool.own), texts(10).slice(2));
});

test('a batch keeps within bytes, bytes as Loki expands them, and one resource', (t) => {
  const { put, spool } = open(t);
  for (const text of texts(100, 1_000)) put(text);
  const other = spool.define({ resource: Buffer.from('resource-b'), scope: definition.scope });
  spool.append(Buffer.from('other'), 0, 5, other, 9);
  const { own } = spool;
  assert.equal(own.take({ ...limits, maxBytes: 10_200 })?.count, 10);
  const expanded = own.take({ ...limits, maxExpandedBytes: 10 * (1_000 + 10 + 7) });
  assert.equal(expanded?.count, 10);
  assert.equal(own.take({ maxBytes: 1, maxExpandedBytes: 1 })?.count, 1);
  const batch = own.take(limits);
  assert.equal(batch?.count, 100);
  own.settle(100);
  assert.equal(
    Buffer.from(own.take(limits)?.definitions[0]?.resource ?? []).toString(),
    'resource-b',
  );
});

test('a record above 512 KiB is dropped and counted, the next one is unharmed', (t) => {
  const { dropped, put, spool } = open(t);
  put('x'.repeat(512 * 1024 + 1));
  put('x'.repeat(512 * 1024));
  put('');
  assert.deepEqual(dropped, { too_large: 1 });
  assert.deepEqual(
    drain(spool.own).map((text) => text.length),
    [512 * 1024, 0],
  );
});

test('what the ring cannot hold is read back from disk, in order', (t) => {
  const { dropped, put, spool } = open(t, { ringBytes: 512 * 1024 });
  for (const text of texts(5_000, 1_000)) put(text);
  const taken = spool.own.take(limits);
  for (const text of texts(100, 1_000)) put(text);
  assert.equal(Buffer.from(taken?.bytes ?? []).includes('record-0.'), true);
  assert.deepEqual(drain(spool.own), [...texts(5_000, 1_000), ...texts(100, 1_000)]);
  assert.deepEqual(dropped, {});
});

test('settled segments leave the disk', (t) => {
  const { clock, put, spool } = open(t);
  for (const text of texts(5_000, 1_000)) put(text);
  assert.ok(spool.stats().diskBytes > 5_000_000);
  drain(spool.own);
  assert.ok(spool.stats().diskBytes < 2 * 1024 * 1024);
  clock.advance(3_000);
  const { directory } = spool.stats();
  const segments = fs.readdirSync(directory ?? '').filter((name) => name.endsWith('.seg'));
  assert.equal(segments.length, 1);
});

test('memory mode writes nothing, and drops the oldest when the ring is full', async (t) => {
  const { clock, dropped, gaps, notices, put, root, spool } = open(t, {
    durability: 'memory',
    ringBytes: 512 * 1024,
  });
  for (const text of texts(1_000, 1_000)) put(text);
  assert.deepEqual(fs.readdirSync(root), []);
  assert.equal(spool.stats().mode, 'memory');
  const kept = drain(spool.own);
  assert.deepEqual(kept, texts(1_000, 1_000).slice(-kept.length));
  assert.deepEqual(dropped, { memory_cap: 1_000 - kept.length });
  clock.advance(1_000);
  await Promise.resolve();
  assert.deepEqual(codes(notices), ['MEMORY_CAP']);
  assert.deepEqual(
    gaps.map(({ count, reason }) => [count, reason]),
    [[1_000 - kept.length, 'memory_cap']],
  );
});

test('a snapshot holds what is pending, oldest first, and changes nothing', (t) => {
  const { put, spool } = open(t);
  for (const text of texts(3_000, 1_000)) put(text);
  spool.own.settle(10);
  const batches = spool.snapshot(2_000_000);
  assert.equal(batches[0]?.seqs[0], 11);
  const seqs = batches.flatMap((batch) => Array.from(batch.seqs));
  assert.deepEqual(
    seqs,
    Array.from(seqs, (_, index) => index + 11),
  );
  assert.ok(seqs.length > 1_000 && seqs.length < 2_000);
  assert.equal(spool.own.pending, 2_990);
  assert.deepEqual(drain(spool.own), texts(3_000, 1_000).slice(10));
});

test('the age of the oldest pending record is told', (t) => {
  const { clock, put, spool } = open(t);
  assert.equal(spool.stats().oldestMs, undefined);
  put('a');
  clock.advance(700);
  put('b');
  clock.advance(300);
  assert.equal(spool.stats().oldestMs, 1_000);
  spool.own.settle(1);
  assert.equal(spool.stats().oldestMs, 300);
});

test('an end with nothing pending leaves no directory', (t) => {
  const { put, servicePath, spool } = open(t);
  put('x');
  drain(spool.own);
  spool.close();
  assert.deepEqual(fs.readdirSync(servicePath()), []);
  assert.equal(spool.stats().mode, 'off');
});

test('an end leaves no timer', (t) => {
  const { clock, put, spool } = open(t);
  put('x');
  drain(spool.own);
  spool.close();
  clock.advance(5_000);
  assert.equal(clock.waiting, 0);
});

test('a record after the end is kept for the next start', (t) => {
  const first = open(t);
  first.put('before');
  drain(first.spool.own);
  first.spool.close();
  first.put('after');
  const [id = ''] = fs.readdirSync(first.servicePath());
  assert.match(
    fs.readFileSync(join(first.servicePath(), id, '000000000001.seg'), 'latin1'),
    /after/,
  );
});
