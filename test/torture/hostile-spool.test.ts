// Spools that somebody has prepared: opening them costs no more than their size, and never trusts a length.

import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { realWorld } from '../../packages/otel-setup/src/real-world.ts';
import type { Batch } from '../../packages/otel-setup/src/record/batch.ts';
import { openSpool } from '../../packages/otel-setup/src/spool/open-spool.ts';
import type { FileSystem } from '../../packages/otel-setup/src/world.ts';
import type { Case } from './case.ts';
import { readLogRecord } from './oracle/log-record.ts';
import { readSegment } from './oracle/spool-format.ts';
import { torture } from './torture.ts';

const mebibyte = 1024 * 1024;
const headerBytes = 64;
const frameBytes = 24;

interface Forged {
  readonly length: number;
  readonly seq: number;
  readonly flags?: number;
  readonly payload?: Buffer;
  /** Breaks the header's own checksum. */
  readonly isTorn?: boolean;
}

/** A frame's header with whatever length; its checksums are right where there is a payload to be right about. */
function forge({ flags = 0, isTorn = false, length, payload, seq }: Forged): Buffer {
  const header = Buffer.alloc(frameBytes);
  header.write('OFRM');
  header.writeUInt32LE(length, 4);
  header.writeBigUInt64LE(BigInt(seq), 12);
  header.writeUInt16LE(flags, 20);
  const body = [header.subarray(4, 8), header.subarray(12, 22), payload ?? Buffer.alloc(0)];
  header.writeUInt32LE(payload === undefined ? 1 : crc32(Buffer.concat(body)), 8);
  const headerCrc = crc32(header.subarray(0, 22)) & 0xffff;
  header.writeUInt16LE(isTorn ? headerCrc ^ 1 : headerCrc, 22);
  return Buffer.concat([header, payload ?? Buffer.alloc(0)]);
}

function filled(forged: Forged): Buffer {
  return Buffer.alloc(mebibyte - headerBytes, forge(forged));
}

function whole(payload: Buffer, seq: number, flags?: number): Buffer {
  return forge({ length: payload.length, seq, payload, ...(flags === undefined ? {} : { flags }) });
}

const definition = 0x8000;
const text = Buffer.from('forged');

/** What stands in the first segment behind its header, in place of its records. */
const images: Readonly<Record<string, Buffer>> = {
  'fake headers that claim 512 KiB': filled({ length: 512 * 1024, seq: 2 }),
  'fake headers that claim 300 bytes': filled({ length: 300, seq: 2 }),
  'fake headers of definitions': filled({ length: 4_096, seq: 0, flags: definition }),
  'torn headers': filled({ length: 300, seq: 2, isTorn: true }),
  magics: Buffer.alloc(mebibyte - headerBytes, 'OFRM'),
  'a length of 4 GiB': forge({ length: 0xffff_ffff, seq: 1 }),
  'a length just beyond the end': forge({ length: 100, seq: 1 }),
  'a definition that claims 4 GiB': whole(Buffer.alloc(16, 0xff), 0, definition),
  '32,768 definitions': Buffer.concat(
    Array.from({ length: 20_000 }, (_, index) =>
      whole(Buffer.from(`\0\0\0\0${index}`), 0, definition | (index & 0x7fff)),
    ),
  ),
};

/** Frames whose checksums hold; whoever can write those into a directory without a header is its owner. */
const sealed: Readonly<Record<string, Buffer>> = {
  'a record from the far future': whole(text, 2 ** 52),
  'a seq beyond all numbers': whole(text, Number.MAX_SAFE_INTEGER * 2),
  'records without end': Buffer.concat(
    Array.from({ length: 20_000 }, () => whole(Buffer.alloc(0), 0)),
  ),
};

interface Opened {
  readonly records: number;
  readonly counted: number;
  readonly cpuMs: number;
  readonly largestRead: number;
  readonly growthBytes: number;
}

/** Opens a root in this process, drains what was left in it, and says what that took. */
async function drain(c: Case, root: string): Promise<Opened> {
  const world = realWorld();
  const opened = { records: 0, counted: 0, largestRead: 0 };
  const fs: FileSystem = {
    ...world.fs,
    readSync: ((fd: number, bytes: Buffer, offset: number, length: number, position: number) => {
      opened.largestRead = Math.max(opened.largestRead, length);
      return world.fs.readSync(fd, bytes, offset, length, position);
    }) as FileSystem['readSync'],
  };
  const before = { cpu: process.cpuUsage(), memory: process.memoryUsage().arrayBuffers };
  let growthBytes = 0;
  const spool = openSpool({
    config: {
      durability: 'record',
      roots: [{ path: root, from: 'test' }],
      maxBytes: undefined,
      onKubernetes: false,
    },
    service,
    owner: { route: 'alloy', origin: 'http://127.0.0.1', version: '0', host: 'here', pid: 1 },
    world: { ...world, fs },
    report: {
      notice: () => undefined,
      dropped: (_, count) => {
        opened.counted += count;
      },
      adopted: () => undefined,
      tookOver: () => undefined,
      rewoken: () => undefined,
    },
  });
  const own = spool.stats().directory;
  await c.until(() => {
    for (let queue = spool.nextOrphan(); queue !== undefined; queue = spool.nextOrphan()) {
      const batch = queue.take({ maxBytes: 950_000, maxExpandedBytes: 3_000_000 });
      if (batch === undefined) break;
      growthBytes = Math.max(growthBytes, process.memoryUsage().arrayBuffers - before.memory);
      opened.records += idsIn(batch);
      queue.settle(batch.seqs[batch.count - 1] ?? 0);
    }
    return opened.records > 0 && left(root, own) === 0;
  }, 'the forged directory is drained');
  const { system, user } = process.cpuUsage(before.cpu);
  spool.close();
  return { ...opened, growthBytes, cpuMs: (system + user) / 1_000 };
}

function idsIn({ bytes, count, ends, starts }: Batch): number {
  let ids = 0;
  for (let index = 0; index < count; index++) {
    const record = readLogRecord(Buffer.from(bytes.subarray(starts[index], ends[index])));
    assert.notEqual(record.payload, 'wrong');
    if (record.id !== undefined) ids++;
  }
  return ids;
}

/** Directories of dead processes, adopted ones included. */
function left(root: string, own: string | undefined): number {
  const [key = ''] = readdirSync(join(root, 'v1'));
  const here = readdirSync(join(root, 'v1', key)).filter((name) => own?.endsWith(name) !== true);
  const inside = own === undefined ? [] : readdirSync(own);
  return [...here, ...inside].filter((name) => /^[0-9a-z]{8}$/.test(name)).length;
}

const service = { namespace: '', name: 'tortured', environment: '' };

torture('S08', 'a forged spool costs no more than its size', {}, async (c) => {
  const { inbox } = await c.receive();
  inbox.setFault({ type: 'status', status: 503 });
  const writer = await c.start();
  await writer.log({ count: 6_000 });
  await writer.kill();
  const [made = ''] = c.directories();
  const name = '000000000001.seg';
  const first = readFileSync(join(made, name));
  const inFirst = readSegment(first).frames.filter(({ isDefinition }) => !isDefinition).length;
  assert.ok(inFirst > 0 && inFirst < 6_000);

  let slowest = 0;
  let largest = 0;
  const open = async (what: string, forged: (path: string) => void): Promise<Opened> => {
    const root = join(c.folder, `forged ${what}`.replaceAll(/[^a-z0-9]+/g, '-'));
    // A socket cannot be copied, and that of a dead process is as good as none.
    const filter = (path: string) => !path.endsWith('/lock');
    cpSync(c.spoolRoot, root, { recursive: true, filter });
    const path = join(made.replace(c.spoolRoot, root), name);
    forged(path);
    const opened = await drain(c, root);
    assert.equal(opened.records, 6_000 - inFirst, `${what}: the other segments are whole`);
    assert.equal(opened.counted, inFirst, `${what}: the damage is counted`);
    assert.ok(opened.largestRead <= 2 * mebibyte, `${what}: read ${opened.largestRead} at once`);
    // Two segments in memory, and some to be used again.
    assert.ok(opened.growthBytes <= 16 * mebibyte, `${what}: ${opened.growthBytes} bytes`);
    largest = Math.max(largest, opened.growthBytes);
    slowest = Math.max(slowest, opened.cpuMs);
    // Ten times what three segments may cost, in time of the processor.
    assert.ok(opened.cpuMs <= 3 * 500, `${what}: ${Math.round(opened.cpuMs)} ms`);
    return opened;
  };
  for (const [what, image] of Object.entries({ ...images, ...sealed })) {
    await open(what, (path) => {
      writeFileSync(path, Buffer.concat([first.subarray(0, headerBytes), image]));
    });
  }
  for (const [what, image] of Object.entries(images)) {
    await open(`${what}, no header`, (path) => writeFileSync(path, image));
  }
  await open('a hole of 4 GiB', (path) => {
    writeFileSync(path, first.subarray(0, headerBytes));
    truncateSync(path, 4 * 1024 * mebibyte);
  });
  await open('a hole of 4 GiB, no header', (path) => {
    writeFileSync(path, '');
    truncateSync(path, 4 * 1024 * mebibyte);
  });

  inbox.setFault(undefined);
  await c.settle();
  c.judge({ duplicates: 0 });
  Object.assign(c.figures, {
    forgeries: Object.keys(images).length * 2 + Object.keys(sealed).length + 2,
    'slowest, ms of processor': Math.round(slowest),
    'most memory, MiB': Math.round(largest / mebibyte),
  });
});
