import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { FileSystem } from '../world.ts';
import { codes, drain, drainOrphans, type Opened, open, scratch, until } from './harness.test.ts';

const texts = (count: number, length = 0, mark = 'r'): string[] =>
  Array.from({ length: count }, (_, index) => `${mark}-${index}`.padEnd(length, '.'));

function failure(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: as the test wants`), { code });
}

/** What the next start would find: this process ends as by SIGKILL, nothing is settled or said. */
async function afterKill(t: TestContext, killed: Opened): Promise<string[]> {
  const root = scratch(t);
  fs.cpSync(killed.root, root, {
    recursive: true,
    filter: (path) => !fs.lstatSync(path).isSocket(),
  });
  const next = open(t, { root });
  next.clock.advance(0);
  await until(() => fs.readdirSync(next.servicePath()).length === 1);
  return drainOrphans(next.spool);
}

function segmentsIn(opened: Opened): string[] {
  const directory = opened.spool.stats().directory ?? '';
  return fs
    .readdirSync(directory)
    .filter((name) => name.endsWith('.seg'))
    .map((name) => join(directory, name));
}

const hostile: Record<string, (path: string, outside: string) => void> = {
  'a symbolic link': (path, outside) => fs.symlinkSync(outside, path),
  'a file': (path) => fs.writeFileSync(path, 'mine'),
  'a directory that others may write to': (path) => {
    fs.mkdirSync(path);
    fs.chmodSync(path, 0o777);
  },
};

for (const [kind, make] of Object.entries(hostile)) {
  test(`a root that is ${kind} is not used: memory, one notice, nothing touched`, async (t) => {
    const base = scratch(t);
    const outside = join(base, 'outside');
    fs.mkdirSync(outside);
    const root = join(base, 'root');
    make(root, outside);
    const opened = open(t, { root });
    opened.put('a');
    await Promise.resolve();
    assert.equal(opened.spool.stats().mode, 'memory');
    assert.deepEqual(codes(opened.notices), ['NO_DIRECTORY']);
    assert.match(opened.notices[0]?.message ?? '', /[^.]\. Records are kept .* LOG_SPOOL_DIR/);
    assert.deepEqual(fs.readdirSync(outside), []);
    if (fs.lstatSync(root).isFile()) assert.equal(fs.readFileSync(root, 'utf8'), 'mine');
    else assert.deepEqual(fs.readdirSync(root), []);
    assert.deepEqual(drain(opened.spool.own), ['a']);
  });
}

test('fake timers that took queueMicrotask leave a notice to be told', async (t) => {
  t.mock.method(globalThis, 'queueMicrotask', () => undefined);
  const { notices } = open(t, { root: '/proc/x/y' });
  await Promise.resolve();
  assert.deepEqual(codes(notices), ['NO_DIRECTORY']);
});

test('a directory below the root that somebody planted is not used', async (t) => {
  const root = scratch(t);
  const outside = scratch(t);
  fs.symlinkSync(outside, join(root, 'v1'));
  const opened = open(t, { root });
  opened.put('a');
  await Promise.resolve();
  assert.deepEqual(codes(opened.notices), ['NO_DIRECTORY']);
  assert.deepEqual(fs.readdirSync(outside), []);
});

test('a root that belongs to somebody else is not used', {
  skip: process.getuid?.() !== 0,
}, (t) => {
  const root = scratch(t);
  fs.chownSync(root, 65_534, 65_534);
  assert.equal(open(t, { root }).spool.stats().mode, 'memory');
  assert.deepEqual(fs.readdirSync(root), []);
});

test('a place below /proc is refused at once', {
  skip: process.platform !== 'linux' && 'needs /proc',
}, async (t) => {
  const { spool, notices } = open(t, { root: '/proc/x/y' });
  assert.equal(spool.stats().mode, 'memory');
  await Promise.resolve();
  assert.match(notices[0]?.message ?? '', /\/proc\/x\/y .*ENOENT/);
});

test('the second root is taken where the first is not fit', (t) => {
  const [first, second] = [scratch(t), scratch(t)];
  fs.chmodSync(first, 0o777);
  const stats = open(t, { roots: [first, second] }).spool.stats();
  assert.deepEqual([stats.mode, stats.root], ['record', second]);
});

test('a place that could not be had is asked for again, and what memory holds moves in', async (t) => {
  const root = join(scratch(t), 'root');
  fs.writeFileSync(root, 'in the way');
  const opened = open(t, { root });
  for (const text of texts(100)) opened.put(text);
  drain(opened.spool.own);
  for (const text of texts(100, 0, 'next')) opened.put(text);
  fs.rmSync(root);
  opened.clock.advance(30_000);
  opened.put('on disk');
  assert.equal(opened.spool.stats().mode, 'record');
  await Promise.resolve();
  assert.deepEqual(codes(opened.notices), ['NO_DIRECTORY', 'RECOVERED']);
  assert.deepEqual(await afterKill(t, opened), [...texts(100, 0, 'next'), 'on disk']);
  assert.deepEqual(drain(opened.spool.own), [...texts(100, 0, 'next'), 'on disk']);
});

test('a directory that is removed is made again within a second, from memory', async (t) => {
  const opened = open(t);
  for (const text of texts(10)) opened.put(text);
  opened.spool.own.settle(4);
  fs.rmSync(join(opened.root, 'v1'), { recursive: true });
  opened.put('into the void');
  opened.clock.advance(1_000);
  opened.put('later');
  await Promise.resolve();
  assert.deepEqual(codes(opened.notices), ['DIRECTORY_LOST']);
  const expected = [...texts(10).slice(4), 'into the void', 'later'];
  assert.deepEqual(await afterKill(t, opened), expected);
  assert.deepEqual(drain(opened.spool.own), expected);
  assert.deepEqual(opened.dropped, {});
});

test('a directory that is closed to the user that the process has now is told as such', async (t) => {
  let closed = '';
  const lstatSync = ((path: string, options?: fs.StatSyncOptions) => {
    if (path !== closed) return fs.lstatSync(path, options);
    throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  }) as typeof fs.lstatSync;
  const { clock, notices, put, spool } = open(t, { fs: { lstatSync } });
  put('before');
  closed = spool.stats().directory ?? '';
  clock.advance(1_000);
  await Promise.resolve();
  assert.deepEqual(codes(notices), ['DIRECTORY_LOST']);
  assert.match(notices[0]?.message ?? '', /closed to this process's user.*process\.setuid/);
  assert.deepEqual(drain(spool.own), ['before']);
});

for (const [what, change] of Object.entries({
  deleted: (path: string) => fs.unlinkSync(path),
  cut: (path: string) => fs.truncateSync(path, 100),
  'replaced by a directory': (path: string) => {
    fs.unlinkSync(path);
    fs.mkdirSync(path);
  },
})) {
  test(`a segment that is ${what} while we run is written again from memory`, async (t) => {
    const opened = open(t);
    for (const text of texts(10)) opened.put(text);
    const [segment = ''] = segmentsIn(opened);
    change(segment);
    opened.clock.advance(1_000);
    opened.put('later');
    await Promise.resolve();
    assert.deepEqual(codes(opened.notices), ['FILE_LOST']);
    assert.deepEqual(await afterKill(t, opened), [...texts(10), 'later']);
    assert.deepEqual(drain(opened.spool.own), [...texts(10), 'later']);
  });
}

test('a segment that is deleted when memory has let go of it is counted', (t) => {
  const opened = open(t, { ringBytes: 512 * 1024 });
  for (const text of texts(3_000, 1_000)) opened.put(text);
  const [segment = ''] = segmentsIn(opened);
  fs.unlinkSync(segment);
  const found = drain(opened.spool.own);
  assert.ok(found.length > 2_500);
  assert.deepEqual(opened.dropped, { corrupt: 3_000 - found.length });
  assert.equal(opened.spool.own.pending, 0);
});

test('a write that falls short is completed', (t) => {
  let isShort = true;
  const writeSync = ((fd: number, bytes: Buffer, at: number, length: number, position?: number) => {
    const part = isShort && position === undefined && length > 10 ? length - 7 : length;
    return fs.writeSync(fd, bytes, at, part, position);
  }) as FileSystem['writeSync'];
  const opened = open(t, { fs: { writeSync } });
  opened.put('a whole record');
  isShort = false;
  const [segment = ''] = segmentsIn(opened);
  assert.match(fs.readFileSync(segment, 'latin1'), /a whole record/);
});

/** A file system that fails as told, and only for what is appended. */
function failing(): { fs: Partial<FileSystem>; code: string | undefined; tornBytes: number } {
  const state: { code: string | undefined; tornBytes: number; fs: Partial<FileSystem> } = {
    code: undefined,
    tornBytes: 0,
    fs: {},
  };
  state.fs.writeSync = ((
    fd: number,
    bytes: Buffer,
    at: number,
    length: number,
    position?: number,
  ) => {
    if (state.code === undefined || position !== undefined) {
      return fs.writeSync(fd, bytes, at, length, position);
    }
    if (state.tornBytes > 0 && length > state.tornBytes) {
      const torn = state.tornBytes;
      state.tornBytes = 0;
      return fs.writeSync(fd, bytes, at, torn);
    }
    throw failure(state.code);
  }) as FileSystem['writeSync'];
  return state;
}

for (const code of ['EROFS', 'EACCES', 'EIO', 'EBADF']) {
  test(`${code} moves the records to memory with one notice, and back within 30 s`, async (t) => {
    const disk = failing();
    const opened = open(t, { fs: disk.fs });
    opened.put('before');
    disk.code = code;
    for (const text of texts(50)) opened.put(text);
    assert.equal(opened.spool.stats().mode, 'memory');
    opened.clock.advance(29_000);
    disk.code = undefined;
    opened.clock.advance(30_000);
    opened.put('after');
    assert.equal(opened.spool.stats().mode, 'record');
    await Promise.resolve();
    assert.deepEqual(codes(opened.notices), ['BROKEN', 'RECOVERED']);
    const expected = ['before', ...texts(50), 'after'];
    assert.deepEqual(await afterKill(t, opened), expected);
    assert.deepEqual(drain(opened.spool.own), expected);
    assert.deepEqual(opened.dropped, {});
  });
}

test('a frame that was torn by a full disk is cut off, and nothing is dropped', async (t) => {
  const disk = failing();
  const opened = open(t, { fs: disk.fs });
  opened.put('before');
  const [segment = ''] = segmentsIn(opened);
  const size = fs.statSync(segment).size;
  Object.assign(disk, { code: 'ENOSPC', tornBytes: 10 });
  opened.put('torn');
  assert.equal(fs.statSync(segment).size, size);
  disk.code = undefined;
  opened.clock.advance(5_000);
  opened.put('after');
  assert.equal(opened.spool.stats().mode, 'record');
  assert.deepEqual(await afterKill(t, opened), ['before', 'torn', 'after']);
  assert.deepEqual(drain(opened.spool.own), ['before', 'torn', 'after']);
});

test('a disk without a byte left does not keep the next start from draining it', async (t) => {
  const root = scratch(t);
  const dead = open(t, { root });
  for (const text of texts(100)) dead.put(text);
  dead.spool.close();
  const disk = failing();
  disk.code = 'ENOSPC';
  const writeFileSync = (() => {
    throw failure('ENOSPC');
  }) as FileSystem['writeFileSync'];
  const next = open(t, { root, fs: { ...disk.fs, writeFileSync } });
  next.clock.advance(0);
  await until(() => next.told.rewoken > 0);
  next.put('own');
  assert.deepEqual(drainOrphans(next.spool), texts(100));
  disk.code = undefined;
  next.clock.advance(5_000);
  assert.equal(next.spool.stats().mode, 'record');
  assert.deepEqual(drain(next.spool.own), ['own']);
});

test('a directory whose mode was taken away ends nothing, and is used again', async (t) => {
  let isClosed = false;
  const guard = <Call extends (...args: never[]) => unknown>(call: Call): Call =>
    ((...args: never[]) => {
      if (isClosed && /\.seg$|\.probe$/.test(String(args[0]))) throw failure('EACCES');
      return call(...args);
    }) as Call;
  const opened = open(t, {
    fs: { lstatSync: guard(fs.lstatSync) as FileSystem['lstatSync'], openSync: guard(fs.openSync) },
  });
  opened.put('before');
  isClosed = true;
  opened.clock.advance(1_000);
  opened.put('meanwhile');
  await Promise.resolve();
  assert.equal(opened.spool.stats().mode, 'memory');
  isClosed = false;
  opened.clock.advance(30_000);
  opened.put('later');
  await Promise.resolve();
  assert.equal(opened.spool.stats().mode, 'record');
  assert.deepEqual(codes(opened.notices), ['BROKEN', 'RECOVERED']);
  assert.deepEqual(await afterKill(t, opened), ['before', 'meanwhile', 'later']);
});

test('below the floor errors go to disk, the rest to memory, and nothing is deleted', async (t) => {
  let free = 0.5;
  const statfsSync = ((path: string) => {
    const stat = fs.statfsSync(path);
    return { ...stat, type: 0, bsize: 4_096, blocks: 1_000_000, bavail: 1_000_000 * free };
  }) as FileSystem['statfsSync'];
  const opened = open(t, { fs: { statfsSync }, ringBytes: 512 * 1024 });
  opened.put('before');
  free = 0.01;
  // How often the space is looked at depends on what was left the last time.
  for (const text of texts(1_000, 20_000, 'fill')) {
    opened.put(text);
    drain(opened.spool.own);
  }
  for (const [index, text] of texts(2_000, 1_000).entries())
    opened.put(text, index % 10 === 0 ? 17 : 9);
  await Promise.resolve();
  assert.deepEqual(codes(opened.notices), ['DISK_FULL']);
  assert.match(opened.notices[0]?.message ?? '', /still go to disk, as long as it has room/);
  const errors = texts(2_000, 1_000).filter((_, index) => index % 10 === 0);
  assert.deepEqual(await afterKill(t, opened), errors);
  const kept = drain(opened.spool.own);
  for (const text of errors) assert.ok(kept.includes(text));
  assert.deepEqual(opened.dropped, { disk_full: 2_000 - kept.length });
  assert.deepEqual(
    kept,
    texts(2_000, 1_000).filter((text) => kept.includes(text)),
    'in order',
  );
  free = 0.5;
  opened.clock.advance(5_000);
  assert.equal(opened.spool.stats().mode, 'record');
  assert.deepEqual(
    opened.gaps.map(({ count, reason }) => [count, reason]),
    [[2_000 - kept.length, 'disk_full']],
  );
});

test('inodes that are used up are told as such; errors have no file either, and none is promised', async (t) => {
  let ffree = 100;
  const statfsSync = ((path: string) => ({
    ...fs.statfsSync(path),
    type: 0,
    bsize: 4_096,
    blocks: 1_000_000,
    bavail: 500_000,
    files: 100,
    ffree,
  })) as FileSystem['statfsSync'];
  const openSync = ((...args: Parameters<typeof fs.openSync>) => {
    if (ffree === 0 && /\.seg$|\.probe$/.test(String(args[0]))) throw failure('ENOSPC');
    return fs.openSync(...args);
  }) as FileSystem['openSync'];
  const opened = open(t, { fs: { openSync, statfsSync } });
  opened.put('before');
  ffree = 0;
  // The next segment finds no file.
  opened.clock.advance(60_000);
  for (const text of texts(1_200, 1_000)) opened.put(text, 17);
  await Promise.resolve();
  assert.deepEqual(codes(opened.notices), ['DISK_FULL']);
  const [{ message } = { message: '' }] = opened.notices;
  assert.match(message, /takes no more files: its file system has no inodes left.*df -i/);
  assert.doesNotMatch(message, /still go to disk/);
  assert.equal(opened.spool.stats().mode, 'memory');
  ffree = 100;
  opened.clock.advance(5_000);
  await Promise.resolve();
  assert.deepEqual(codes(opened.notices), ['DISK_FULL', 'RECOVERED']);
  assert.deepEqual(await afterKill(t, opened), ['before', ...texts(1_200, 1_000)]);
});

test('a disk that stalls three times is left alone, asked elsewhere, and used again', async (t) => {
  let delayMs = 0;
  const clock = { timeMs: 0 };
  const writeSync = ((...args: Parameters<typeof fs.writeSync>) => {
    clock.timeMs += delayMs;
    return fs.writeSync(...args);
  }) as FileSystem['writeSync'];
  let asked = 0;
  const write = ((...args: unknown[]) => {
    asked++;
    clock.timeMs += delayMs;
    (args.at(-1) as (error: null) => void)(null);
  }) as unknown as FileSystem['write'];
  const opened = open(t, { fs: { writeSync, write } });
  // The write itself takes time on the same clock.
  Object.defineProperty(clock, 'timeMs', {
    get: () => opened.clock.timeMs,
    set: (value: number) => {
      opened.clock.timeMs = value;
    },
  });
  opened.put('quick');
  delayMs = 50;
  const startedAt = opened.clock.timeMs;
  for (const text of texts(100)) opened.put(text);
  assert.ok(opened.clock.timeMs - startedAt <= 4 * 50, 'at most three slow calls and a roll');
  assert.equal(opened.spool.stats().mode, 'memory');
  opened.clock.advance(11_000);
  assert.deepEqual([asked, opened.spool.stats().mode], [1, 'memory']);
  delayMs = 0;
  opened.clock.advance(11_000);
  opened.put('after');
  assert.equal(opened.spool.stats().mode, 'record');
  await Promise.resolve();
  assert.deepEqual(codes(opened.notices), ['SLOW', 'RECOVERED']);
  assert.deepEqual(await afterKill(t, opened), ['quick', ...texts(100), 'after']);
});

for (const { delayMs, lost } of [
  { delayMs: 50, lost: false },
  { delayMs: 2_000, lost: true },
]) {
  test(`a disk that takes ${delayMs} ms a write ${lost ? 'is not waited for' : 'takes what memory cannot hold'}`, async (t) => {
    let waitMs = 0;
    let opened: Opened | undefined;
    const writeSync = ((...args: Parameters<typeof fs.writeSync>) => {
      if (opened !== undefined) opened.clock.timeMs += waitMs;
      return fs.writeSync(...args);
    }) as FileSystem['writeSync'];
    opened = open(t, { fs: { writeSync }, ringBytes: 4 * 1024 * 1024 });
    opened.put('quick');
    waitMs = delayMs;
    const large = texts(100).map((text) => text.padEnd(100_000, '.'));
    for (const text of large) opened.put(text);
    waitMs = 0;
    assert.equal((opened.dropped.memory_cap ?? 0) > 0, lost);
    if (!lost) {
      assert.deepEqual(opened.dropped, {});
      const [directory] = fs.readdirSync(opened.servicePath());
      const segments = fs
        .readdirSync(join(opened.servicePath(), directory ?? ''))
        .filter((name) => name.endsWith('.seg'));
      assert.ok(segments.length >= 5, segments.join());
    }
  });
}

// At once, so that the clock that is moved by hand decides what happens when.
const fsync = ((_: number, done: (error: null) => void) =>
  done(null)) as unknown as FileSystem['fsync'];

test('a write that waited for a processor is not held against the disk', (t) => {
  let waitedMs = 0;
  const readFileSync = (() => `0 ${waitedMs * 1e6} 0`) as unknown as FileSystem['readFileSync'];
  const writeSync = ((...args: Parameters<typeof fs.writeSync>) => {
    waitedMs += 45;
    opened.clock.timeMs += 50;
    return fs.writeSync(...args);
  }) as FileSystem['writeSync'];
  let opened = open(t);
  opened = open(t, { fs: { readFileSync, writeSync } });
  for (const text of texts(100)) opened.put(text);
  assert.equal(opened.spool.stats().mode, 'record');
});

test('no sync is made while records are settled within a second', (t) => {
  let syncs = 0;
  const fdatasync = ((_: number, done: () => void) => {
    syncs++;
    done();
  }) as unknown as FileSystem['fdatasync'];
  const opened = open(t, { fs: { fdatasync, fsync } });
  for (const text of texts(50)) {
    opened.put(text);
    opened.clock.advance(200);
    drain(opened.spool.own);
  }
  assert.equal(syncs, 0);
  opened.put('stays');
  opened.clock.advance(999);
  assert.equal(syncs, 0);
  opened.clock.advance(1);
  assert.equal(syncs, 1);
  opened.clock.advance(10_000);
  assert.equal(syncs, 1, 'nothing new, nothing to sync');
});

test('a sync that fails: the records go to a new file, the old descriptor is never synced again', async (t) => {
  const inodes: number[] = [];
  const fdatasync = ((fd: number, done: (error: Error | null) => void) => {
    inodes.push(fs.fstatSync(fd).ino);
    // Linked once more: no new file gets the number of the old one.
    if (inodes.length === 1) fs.linkSync(segmentsIn(opened)[0] ?? '', join(opened.root, 'bad'));
    done(inodes.length === 1 ? failure('EIO') : null);
  }) as unknown as FileSystem['fdatasync'];
  const opened = open(t, { fs: { fdatasync, fsync } });
  for (const text of texts(10)) opened.put(text);
  opened.clock.advance(1_000);
  opened.put('after');
  opened.clock.advance(5_000);
  await Promise.resolve();
  assert.deepEqual(codes(opened.notices), ['SYNC_FAILED']);
  assert.ok(inodes.length >= 2, 'what was rewritten is synced');
  assert.ok(!inodes.slice(1).includes(inodes[0] ?? 0));
  assert.equal(segmentsIn(opened).length, 2, 'the old segment is sealed');
  assert.deepEqual(await afterKill(t, opened), [...texts(10), 'after']);
  assert.deepEqual(drain(opened.spool.own), [...texts(10), 'after']);
});

test('a disk whose every sync fails is left alone', (t) => {
  const fdatasync = ((_: number, done: (error: Error) => void) => {
    done(failure('EIO'));
  }) as unknown as FileSystem['fdatasync'];
  const opened = open(t, { fs: { fdatasync, fsync } });
  for (const text of texts(10)) opened.put(text);
  opened.clock.advance(5_000);
  assert.equal(opened.spool.stats().mode, 'memory');
  assert.deepEqual(drain(opened.spool.own), texts(10));
});

test('files that cannot be read for want of descriptors are read later', (t) => {
  let isShort = false;
  const openSync = ((...args: Parameters<typeof fs.openSync>) => {
    if (isShort && typeof args[1] === 'number' && (args[1] & fs.constants.O_CREAT) === 0) {
      throw failure('EMFILE');
    }
    return fs.openSync(...args);
  }) as FileSystem['openSync'];
  const opened = open(t, { fs: { openSync }, ringBytes: 512 * 1024 });
  for (const text of texts(3_000, 1_000)) opened.put(text);
  isShort = true;
  assert.deepEqual(drain(opened.spool.own), []);
  assert.equal(opened.spool.own.pending, 3_000);
  isShort = false;
  assert.deepEqual(drain(opened.spool.own), texts(3_000, 1_000));
  assert.deepEqual(opened.dropped, {});
});

test('a refused record lies in quarantine with the words of the server', (t) => {
  const opened = open(t);
  opened.put('poison');
  const batch = opened.spool.own.take({ maxBytes: 1_000, maxExpandedBytes: 1_000 });
  assert.ok(batch !== undefined);
  opened.spool.own.quarantine(batch, 0, 'rejected', 'invalid label');
  opened.spool.own.settle(1);
  const directory = join(opened.servicePath(), 'quarantine');
  const [file = ''] = fs.readdirSync(directory);
  assert.equal(fs.statSync(join(directory, file)).mode & 0o777, 0o600);
  const line = JSON.parse(fs.readFileSync(join(directory, file), 'utf8'));
  assert.equal(Buffer.from(line.record, 'base64').toString(), 'poison');
  assert.deepEqual([line.reason, line.words, line.seq], ['rejected', 'invalid label', 1]);
});

test('thousands of records that are refused at once cost a few looks at the directory', (t) => {
  let looks = 0;
  const opened = open(t, {
    fs: {
      lstatSync: ((path: string, options: fs.StatSyncOptions) => {
        looks++;
        return fs.lstatSync(path, options);
      }) as typeof fs.lstatSync,
      mkdirSync: ((path: string, options: fs.MakeDirectoryOptions) => {
        looks++;
        return fs.mkdirSync(path, options);
      }) as typeof fs.mkdirSync,
    },
  });
  opened.clock.wallMs = Date.now();
  opened.put('poison');
  const batch = opened.spool.own.take({ maxBytes: 1_000, maxExpandedBytes: 1_000 });
  assert.ok(batch !== undefined);
  looks = 0;
  for (let index = 0; index < 5_000; index++) {
    opened.spool.own.quarantine(batch, 0, 'rejected', 'too old');
  }
  assert.ok(looks < 100, `${looks} looks`);
  const directory = join(opened.servicePath(), 'quarantine');
  const lines = () =>
    fs
      .readdirSync(directory)
      .flatMap((name) => fs.readFileSync(join(directory, name), 'utf8').trim().split('\n'));
  assert.equal(lines().length, 5_000);

  fs.rmSync(directory, { recursive: true });
  opened.spool.own.quarantine(batch, 0, 'rejected', 'after it was removed');
  return Promise.resolve().then(() => {
    opened.spool.own.quarantine(batch, 0, 'rejected', 'a turn later');
    assert.match(lines().at(-1) ?? '', /a turn later/);
  });
});

test('what was quarantined 7 days ago goes, though nothing joins it', (t) => {
  const opened = open(t);
  opened.clock.wallMs = Date.now();
  const directory = join(opened.servicePath(), 'quarantine');
  fs.mkdirSync(directory, { mode: 0o700 });
  const [old, young] = [8, 6].map((days) => {
    const path = join(directory, `0000000${days}-000001.ndjson`);
    fs.writeFileSync(path, 'x\n');
    const at = Date.now() / 1_000 - days * 86_400;
    fs.utimesSync(path, at, at);
    return path;
  });
  opened.clock.advance(66_000);
  assert.deepEqual([fs.existsSync(old ?? ''), fs.existsSync(young ?? '')], [false, true]);
});

test('the quarantine keeps to 10 MiB and 7 days', (t) => {
  const opened = open(t);
  opened.clock.wallMs = Date.now();
  const directory = join(opened.servicePath(), 'quarantine');
  fs.mkdirSync(directory, { mode: 0o700 });
  const old = join(directory, '00000000-000001.ndjson');
  fs.writeFileSync(old, 'old\n');
  fs.utimesSync(
    old,
    opened.clock.now() / 1_000 - 8 * 86_400,
    opened.clock.now() / 1_000 - 8 * 86_400,
  );
  opened.put('p'.repeat(400_000));
  const batch = opened.spool.own.take({ maxBytes: 1_000, maxExpandedBytes: 1_000 });
  assert.ok(batch !== undefined);
  for (let index = 0; index < 30; index++) opened.spool.own.quarantine(batch, 0, 'rejected', '');
  const sizes = fs.readdirSync(directory).map((name) => fs.statSync(join(directory, name)).size);
  assert.ok(!fs.existsSync(old));
  assert.ok(sizes.reduce((sum, size) => sum + size, 0) <= 10 * 1024 * 1024);
  assert.ok(sizes.length > 5);
});
