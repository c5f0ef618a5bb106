import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { realWorld } from '../real-world.ts';
import type { FileSystem } from '../world.ts';
import { frameHeaderBytes, sealFrame } from './frame.ts';
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
import { inspectSegments } from './inspect-segments.ts';

const page = 4_096;
/** Segments of 128 KiB. */
const ringBytes = 1024 * 1024;
const oldText = (index: number): string => `old-${index}-`.padEnd(500, '.');
const newText = (index: number): string => `new-${index}-`.padEnd(20 + ((index * 37) % 400), '.');

function segments(opened: Opened): string[] {
  const { directory = '' } = opened.spool.stats();
  return fs
    .readdirSync(directory)
    .filter((name) => name.endsWith('.seg'))
    .sort()
    .map((name) => join(directory, name));
}

const bytesOf = (paths: string[]): number =>
  paths.reduce((sum, path) => sum + fs.statSync(path).size, 0);

const newest = (opened: Opened): string => segments(opened).at(-1) ?? '';

function openSmall(t: TestContext, wishes: Wishes = {}): Opened {
  return open(t, { ringBytes, ...wishes });
}

interface Reused {
  readonly opened: Opened;
  readonly path: string;
  /** What the file held under its name before, and that name. */
  readonly old: { readonly path: string; readonly image: Buffer };
}

/** 0 for a file that waits, whose name is hidden. */
const numberOf = (path: string): number => Number.parseInt(basename(path), 10) || 0;

/**
 * A spool whose active segment, the third, lies in the file of the first. All but it is settled; with `isPending`, the
 * second is not.
 */
function reuse(t: TestContext, wishes: Wishes & { isPending?: boolean } = {}): Reused {
  const opened = openSmall(t, wishes);
  let index = 0;
  const fill = (isPending = false): void => {
    const before = newest(opened);
    while (newest(opened) === before) opened.put(oldText(index++));
    if (!isPending) drain(opened.spool.own);
  };
  opened.put(oldText(index++));
  fill();
  const [path = ''] = segments(opened);
  const image = fs.readFileSync(path);
  const { ino } = fs.statSync(path);
  fill(wishes.isPending);
  assert.equal(fs.statSync(newest(opened)).ino, ino, 'the file serves again');
  return { opened, path: newest(opened), old: { path, image } };
}

/** As a SIGKILL would leave it: everything but the lock. */
function killed(t: TestContext, from: string): string {
  const root = scratch(t);
  fs.cpSync(from, root, { recursive: true, filter: (path) => !path.endsWith('lock') });
  return root;
}

async function adopt(t: TestContext, root: string): Promise<[string[], Opened]> {
  const next = open(t, { root });
  next.clock.advance(0);
  await until(() => fs.readdirSync(next.servicePath()).length === 1);
  const found = drainOrphans(next.spool);
  next.spool.close();
  assert.deepEqual(fs.readdirSync(next.servicePath()), [], 'nothing stays');
  return [found, next];
}

const news = (count: number): string[] => Array.from({ length: count }, (_, at) => newText(at));

test('in a steady flow two or three files serve for all segments', (t) => {
  const made: string[] = [];
  const openSync = ((path: string, flags: number, mode?: number) => {
    if (path.endsWith('.seg') && (flags & fs.constants.O_CREAT) !== 0) made.push(path);
    return fs.openSync(path, flags, mode);
  }) as FileSystem['openSync'];
  const opened = openSmall(t, { fs: { openSync } });
  const found: string[] = [];
  const texts = Array.from({ length: 5_000 }, (_, index) => oldText(index));
  for (const [index, text] of texts.entries()) {
    opened.put(text);
    if (index % 50 === 49) found.push(...drain(opened.spool.own));
  }
  assert.deepEqual(found, texts);
  assert.ok(numberOf(newest(opened)) >= 20);
  assert.ok(made.length <= 3, `${made.length} files`);
  assert.equal(segments(opened).length, 2);
  assert.deepEqual(opened.dropped, {});
});

test('a segment that is sealed holds nothing of what its file held before', (t) => {
  const { opened, path, old } = reuse(t);
  for (const text of news(20)) opened.put(text);
  assert.equal(fs.statSync(path).size, old.image.length);
  opened.put('too large for what is left of it'.padEnd(130_000));
  assert.notEqual(newest(opened), path);
  assert.ok(fs.readFileSync(path, 'latin1').endsWith(newText(19)));
});

test('what was delivered leaves the disk within three seconds of a flow that ebbs', (t) => {
  const { opened, path } = reuse(t);
  drain(opened.spool.own);
  assert.equal(segments(opened).length, 2);
  const bytes = (): number => bytesOf(segments(opened));
  assert.equal(opened.spool.stats().diskBytes, bytes());
  opened.clock.advance(3_000);
  assert.deepEqual(segments(opened), [path]);
  assert.ok(bytes() < 2_000, 'the record that began it');
  assert.equal(opened.spool.stats().diskBytes, bytes());
  opened.put('and on');
  assert.match(fs.readFileSync(path, 'latin1'), /and on$/);
  assert.deepEqual(codes(opened.notices), []);
});

test('a file that is written over is not taken for a damaged one', async (t) => {
  const { opened } = reuse(t);
  opened.put(newText(0));
  opened.clock.advance(1_000);
  await Promise.resolve();
  assert.deepEqual(codes(opened.notices), []);
  assert.deepEqual(drain(opened.spool.own), [newText(0)]);
});

test('after a SIGKILL the past that stands behind the newest record is neither sent nor missed', async (t) => {
  const { opened, path } = reuse(t);
  for (const text of news(40)) opened.put(text);
  assert.match(fs.readFileSync(path, 'latin1'), /old-\d+-/);
  const [found, next] = await adopt(t, killed(t, opened.root));
  assert.deepEqual(found, news(40));
  assert.deepEqual(next.dropped, {});
  assert.equal(next.told.adopted, 40);
});

test('the same with a cursor that is lost: nothing but the segment itself comes again', async (t) => {
  const { opened, path } = reuse(t);
  for (const text of news(40)) opened.put(text);
  const root = killed(t, opened.root);
  fs.rmSync(join(path, '../cursor').replace(opened.root, root));
  fs.rmSync(segments(opened)[0]?.replace(opened.root, root) ?? '');
  const [found, next] = await adopt(t, root);
  assert.deepEqual(found.slice(-40), news(40));
  assert.equal(found.length, 41, 'and the settled record that stands before them');
  assert.deepEqual(next.dropped, {});
});

test('the rest of a record of the past is no damage, a record that was cut off is', (t) => {
  const { opened, path, old } = reuse(t);
  const { directory = '' } = opened.spool.stats();
  const look = () => [...inspectSegments(realWorld().fs, directory, false)];
  for (let count = 1; fs.statSync(path).size === old.image.length; count++) {
    opened.put(newText(count));
    for (const { missing, unreadBytes } of look()) {
      assert.deepEqual({ missing, unreadBytes }, { missing: 0, unreadBytes: 0 }, `after ${count}`);
    }
  }
  fs.truncateSync(path, fs.statSync(path).size - 1);
  const torn = look().find(({ name }) => name === basename(path));
  assert.ok((torn?.unreadBytes ?? 0) > frameHeaderBytes);
});

test('what is written while it is read is not missing in a living process', (t) => {
  const { opened, path, old } = reuse(t);
  for (const text of news(300)) opened.put(text);
  const { directory = '' } = opened.spool.stats();
  const { ino } = fs.statSync(path);
  let reads = 0;
  // The reader was held up after the fifth page, and the writer went on meanwhile.
  const readSync = ((...args: [number, Buffer, number, number, number]) => {
    const read = fs.readSync(...args);
    if (fs.fstatSync(args[0]).ino === ino && read > 20 * page && reads++ === 0) {
      old.image.copy(args[1], 5 * page, 5 * page, 6 * page);
    }
    return read;
  }) as FileSystem['readSync'];
  const look = (isAlive: boolean) => [
    ...inspectSegments({ ...realWorld().fs, readSync }, directory, isAlive),
  ];
  const [found] = look(true);
  assert.equal(reads, 2);
  assert.deepEqual([found?.missing, found?.image.count], [0, 300]);
  reads = 0;
  assert.ok((look(false)[0]?.missing ?? 0) > 5, 'a dead one has lost them');
});

test('no text of the past passes for a record, whatever it holds', async (t) => {
  const forge = (opened: Opened, bytes: Buffer): void => {
    opened.spool.append(bytes, 0, bytes.length, opened.spool.define(definition), 9);
    opened.spool.appended();
  };
  /** Frames that would come next where the file is written over with a few records, one behind the other. */
  const forgery = (from: number): Buffer =>
    Buffer.concat(
      Array.from({ length: 30 }, (_, at) => {
        const text = Buffer.from(`forged-${at}`);
        const frame = Buffer.concat([Buffer.alloc(frameHeaderBytes), text]);
        sealFrame(frame, 0, text, from + at, 0);
        return frame;
      }),
    );
  const begin = (from: number): [Opened, number] => {
    const opened = openSmall(t);
    let count = 0;
    while (Math.max(...segments(opened).map(numberOf), 0) < 3) {
      forge(opened, forgery(from));
      count++;
      drain(opened.spool.own);
    }
    return [opened, count];
  };
  const [, expected] = begin(0);
  const [opened] = begin(expected + 2);
  for (const text of news(3)) opened.put(text);
  const [found, next] = await adopt(t, killed(t, opened.root));
  assert.deepEqual(found, news(3));
  assert.deepEqual(next.dropped, {});
  drain(opened.spool.own);
  assert.deepEqual((await adopt(t, killed(t, opened.root)))[0], [], 'when all is settled');
});

test('a file may end two bytes behind what it held before', async (t) => {
  const { opened, path, old } = reuse(t);
  opened.put(newText(0));
  const used = fs.readFileSync(path).indexOf(newText(0)) + newText(0).length;
  opened.put('x'.repeat(old.image.length - used - frameHeaderBytes - 2));
  assert.equal(fs.statSync(path).size, old.image.length + 2);
  assert.equal(opened.spool.stats().diskBytes, bytesOf(segments(opened)));
  opened.clock.advance(1_000);
  await Promise.resolve();
  assert.deepEqual(codes(opened.notices), []);
});

test('an adopter knows how much of a file is pending', async (t) => {
  const { opened } = reuse(t);
  drain(opened.spool.own);
  for (const text of news(40)) opened.put(text);
  const next = open(t, { root: killed(t, opened.root) });
  next.clock.advance(0);
  await until(() => fs.readdirSync(next.servicePath()).length === 1);
  const queue = next.spool.nextOrphan();
  const bytesFrom = (first: number): number =>
    news(40)
      .slice(first)
      .reduce((sum, text) => sum + frameHeaderBytes + text.length, 0);
  assert.ok((queue?.pendingBytes ?? 0) < bytesFrom(0) + 700, 'and the head of the segment');
  const batch = queue?.take({ ...limits, maxRecords: 10 });
  queue?.settle(batch?.seqs[9] ?? 0);
  assert.equal(queue?.pendingBytes, bytesFrom(10));
});

test('a SIGKILL between the new name and the new header loses nothing', async (t) => {
  const { opened, path, old } = reuse(t);
  const taken = opened.spool.own.take(limits);
  assert.equal(taken, undefined);
  const root = killed(t, opened.root);
  fs.writeFileSync(path.replace(opened.root, root), old.image);
  const [found, next] = await adopt(t, root);
  assert.deepEqual(found, []);
  assert.deepEqual(next.dropped, {});
});

test('a power cut that keeps some pages of the past costs the records that stood on them', async (t) => {
  const { opened, path, old } = reuse(t, { isPending: true });
  const second = fs.readFileSync(segments(opened)[0] ?? '', 'latin1').match(/old-\d+-\.+/g);
  // Its first record was settled with the first segment.
  const before: string[] = second?.slice(1) ?? [];
  assert.ok(before.length > 200, 'the second segment is pending');
  for (const text of news(300)) opened.put(text);
  const image = fs.readFileSync(path);
  const beginning = Number(/old-(\d+)-/.exec(before[0] ?? '')?.[1]);
  const pages = Math.ceil(image.length / page);
  const frameOf = (text: string): Buffer => {
    const at = image.indexOf(text);
    return image.subarray(at - frameHeaderBytes, at + text.length);
  };
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.nat(pages - 1), { minLength: 1, maxLength: 6 }),
      async (lost) => {
        const root = killed(t, opened.root);
        const mixed = Buffer.from(image);
        for (const at of lost) old.image.copy(mixed, at * page, at * page, (at + 1) * page);
        fs.writeFileSync(path.replace(opened.root, root), mixed);
        const [found, next] = await adopt(t, root);
        const isWhole = (text: string): boolean => mixed.includes(frameOf(text));
        // The record for which the third segment was begun stands at its head.
        const all = [...before, oldText(beginning + before.length), ...news(300)];
        const expected = all.filter((text) => before.includes(text) || isWhole(text));
        assert.deepEqual(found, expected, 'whole ones, in order, and no other');
        const last = all.indexOf(found.at(-1) ?? '');
        assert.equal(next.dropped['adopted corrupt'] ?? 0, last + 1 - found.length);
      },
    ),
    { numRuns: 20 },
  );
});

const replaced: Record<string, (path: string, other: string) => void> = {
  'is deleted': (path) => fs.rmSync(path),
  'became a link': (path, other) => {
    fs.rmSync(path);
    fs.symlinkSync(other, path);
  },
  'became another name of a file': (path, other) => {
    fs.rmSync(path);
    fs.linkSync(other, path);
  },
  'became a directory': (path, other) => {
    fs.rmSync(path);
    fs.mkdirSync(path);
    fs.copyFileSync(other, join(path, 'file'));
  },
  'became a pipe': (path) => {
    fs.rmSync(path);
    execFileSync('mkfifo', [path]);
  },
};

/** Opens no pipe so that it waits for the other end, but says so. */
function impatient(waits: string[]): FileSystem['openSync'] {
  return ((path: string, flags: number, mode?: number) => {
    const isPipe = fs.lstatSync(path, { throwIfNoEntry: false })?.isFIFO() === true;
    if (isPipe && (flags & fs.constants.O_NONBLOCK) === 0) waits.push(path);
    return fs.openSync(path, isPipe ? flags | fs.constants.O_NONBLOCK : flags, mode);
  }) as FileSystem['openSync'];
}

for (const [what, replace] of Object.entries(replaced)) {
  test(`a file that ${what} while it waits is left alone, and a new one made`, (t) => {
    const waits: string[] = [];
    const { opened } = reuse(t, { fs: { openSync: impatient(waits) } });
    const other = join(scratch(t), 'other');
    fs.writeFileSync(other, 'of somebody else');
    const [spare = ''] = segments(opened);
    const before = newest(opened);
    assert.notEqual(spare, before);
    replace(spare, other);
    let index = 0;
    while (newest(opened) === before) opened.put(newText(index++));
    assert.equal(fs.readFileSync(other, 'utf8'), 'of somebody else');
    assert.equal(fs.statSync(newest(opened)).nlink, 1);
    assert.deepEqual(drain(opened.spool.own), news(index));
    assert.deepEqual(opened.dropped, {});
    assert.deepEqual(waits, []);
  });
}

test('a file that cannot be renamed is removed', (t) => {
  let isRefused = false;
  const renameSync = ((from: string, to: string) => {
    if (isRefused && numberOf(to) > 0) throw Object.assign(new Error('EIO: no'), { code: 'EIO' });
    fs.renameSync(from, to);
  }) as FileSystem['renameSync'];
  const { opened } = reuse(t, { fs: { renameSync } });
  isRefused = true;
  for (let index = 0; index < 2_000; index++) {
    opened.put(oldText(index));
    if (index % 50 === 49) drain(opened.spool.own);
  }
  assert.equal(segments(opened).length, 2);
  assert.deepEqual(codes(opened.notices), []);
});

test('a file that waits is left alone where its directory was replaced by another', async (t) => {
  const { opened } = reuse(t);
  const { directory = '' } = opened.spool.stats();
  const [spare = ''] = segments(opened);
  fs.renameSync(directory, join(scratch(t), 'moved'));
  fs.mkdirSync(directory);
  fs.writeFileSync(spare, 'of somebody else');
  opened.put(newText(0));
  opened.clock.advance(3_000);
  await Promise.resolve();
  assert.deepEqual(codes(opened.notices), ['DIRECTORY_LOST']);
  assert.equal(fs.readFileSync(spare, 'utf8'), 'of somebody else');
  assert.deepEqual(drain(opened.spool.own), news(1));
});

test('a disk that fails under a file which is written over costs no record', async (t) => {
  const failing = { code: '' };
  const writeSync = ((...args: [number, Buffer, number, number, number | undefined]) => {
    const [, , , length, position] = args;
    if (failing.code !== '' && !(length === 64 && position !== undefined)) {
      if (failing.code === 'short' && length > 30) {
        failing.code = 'ENOSPC';
        return fs.writeSync(args[0], args[1], args[2], 30, position);
      }
      throw Object.assign(new Error(`${failing.code}: no`), { code: failing.code });
    }
    return fs.writeSync(...args);
  }) as FileSystem['writeSync'];
  for (const code of ['EIO', 'ENOSPC', 'short']) {
    const { opened } = reuse(t, { fs: { writeSync } });
    opened.put(newText(0));
    failing.code = code;
    opened.put(newText(1));
    opened.put(newText(2));
    failing.code = '';
    opened.clock.advance(31_000);
    opened.put(newText(3));
    const [found] = await adopt(t, killed(t, opened.root));
    assert.deepEqual(found, news(4));
    assert.deepEqual(drain(opened.spool.own), news(4));
    assert.deepEqual(opened.dropped, {});
  }
});

test('a write that falls short is completed in its place', (t) => {
  let isShort = false;
  const writeSync = ((fd: number, bytes: Buffer, at: number, length: number, position?: number) => {
    const part = isShort && length > 100 ? length - 70 : length;
    return fs.writeSync(fd, bytes, at, part, position);
  }) as FileSystem['writeSync'];
  const { opened, path } = reuse(t, { fs: { writeSync } });
  isShort = true;
  for (const text of news(40)) opened.put(text);
  const image = fs.readFileSync(path, 'latin1');
  for (const text of news(40)) assert.ok(image.includes(text), text);
});

test('no file is passed on for so long that the kernel would write it to the device', (t) => {
  const opened = openSmall(t);
  const inodes = new Map<number, number>();
  let index = 0;
  for (let round = 0; round < 30; round++) {
    const before = newest(opened);
    while (newest(opened) === before) opened.put(oldText(index++));
    const { ino, birthtimeMs } = fs.statSync(newest(opened));
    const key = ino + birthtimeMs;
    inodes.set(key, (inodes.get(key) ?? 0) + 1);
    drain(opened.spool.own);
    opened.clock.advance(1_000);
  }
  assert.ok(inodes.size >= 4 && inodes.size < 15, `${inodes.size} files`);
  assert.ok(Math.max(...inodes.values()) <= 16);
});
