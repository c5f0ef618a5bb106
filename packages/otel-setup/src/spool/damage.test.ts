import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { frameHeaderBytes } from './frame.ts';
import {
  definition,
  drain,
  drainOrphans,
  type Opened,
  open,
  scratch,
  until,
} from './harness.test.ts';

const records = 300;
const page = 4_096;

const textOf = (index: number): string => `record-${index}-`.padEnd(20 + ((index * 37) % 400), '.');

interface Sample {
  readonly root: string;
  readonly segment: string;
  readonly image: Buffer;
  /** Of each record, where its frame begins and ends. */
  readonly spans: readonly (readonly [number, number])[];
}

/** A dead process's directory with one segment of 300 records; with `isOver`, in a file that held another one. */
function sample(t: TestContext, isOver: boolean): Sample {
  const root = scratch(t);
  const dead = open(t, { root, ringBytes: 1024 * 1024 });
  const directory = dead.spool.stats().directory ?? '';
  // Segments of 128 KiB: the third lies in the file of the first.
  for (let index = 0; isOver && index < 520; index++) {
    dead.put(`settled-${index}-`.padEnd(500, '.'));
    if (index % 20 === 19) drain(dead.spool.own);
  }
  for (let index = 0; index < records; index++) dead.put(textOf(index));
  const names = fs.readdirSync(directory).filter((name) => name.endsWith('.seg'));
  const segment = join(directory, names.sort().at(-1) ?? '');
  const image = fs.readFileSync(segment);
  assert.equal(image.includes('settled-', image.indexOf(textOf(records - 1))), isOver);
  dead.spool.close();
  fs.writeFileSync(segment, image);
  const spans = Array.from({ length: records }, (_, index) => {
    const start = image.indexOf(textOf(index)) - frameHeaderBytes;
    return [start, start + frameHeaderBytes + textOf(index).length] as const;
  });
  return { root, segment, image, spans };
}

/** Opens a copy with another image in place of the segment, and gives what comes out. */
async function openWith(t: TestContext, from: Sample, image: Buffer): Promise<[string[], Opened]> {
  const root = scratch(t);
  fs.cpSync(from.root, root, { recursive: true, filter: (path) => !path.endsWith('lock') });
  fs.writeFileSync(from.segment.replace(from.root, root), image);
  const next = open(t, { root });
  next.clock.advance(0);
  await until(() => fs.readdirSync(next.servicePath()).length === 1);
  const found = drainOrphans(next.spool);
  next.spool.close();
  assert.deepEqual(fs.readdirSync(next.servicePath()), []);
  return [found, next];
}

type Damage = (image: Buffer, at: number, length: number) => Buffer;

function overwritten(image: Buffer, at: number, length: number, text: string): Buffer {
  return Buffer.from(image).fill(text, at, Math.min(image.length, at + length));
}

const kinds: Record<string, Damage> = {
  'a flipped bit': (image, at) => {
    const copy = Buffer.from(image);
    copy[at] = (copy[at] ?? 0) ^ (1 << (at % 8));
    return copy;
  },
  'a cut': (image, at) => Buffer.from(image.subarray(0, at)),
  'a zeroed page': (image, at) => overwritten(image, at - (at % page), page, '\0'),
  'an overwritten stretch': (image, at, length) => overwritten(image, at, length, 'OFRM'),
  'a doubled page': (image, at) => {
    const start = at - (at % page);
    return Buffer.concat([image.subarray(0, start + page), image.subarray(start)]);
  },
  'garbage behind the end': (image, at, length) =>
    Buffer.concat([image, image.subarray(at, at + length), Buffer.alloc(length, 0xa5)]),
};

const cases = Object.entries(kinds).flatMap(([kind, damage]) => [
  { kind, damage, isOver: false, where: 'in a new file' },
  { kind, damage, isOver: true, where: 'in a file that held others' },
]);

for (const { kind, damage, isOver, where } of cases) {
  test(`${kind} ${where} costs only the records it touches, and no false one appears`, async (t) => {
    const whole = sample(t, isOver);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.image.length - 1),
        fc.integer({ min: 1, max: 3_000 }),
        async (at, length) => {
          const image = damage(whole.image, at, length);
          const [found, next] = await openWith(t, whole, image);
          const expected = Array.from({ length: records }, (_, index) => textOf(index));
          const isSubsequence = expected.filter((text) => found.includes(text));
          assert.deepEqual(found, isSubsequence, 'no false record, none twice, in order');
          for (const [index, [start, end]] of whole.spans.entries()) {
            const bytes = whole.image.subarray(start, end);
            if (image.includes(bytes)) assert.ok(found.includes(textOf(index)), `record ${index}`);
          }
          const { 'adopted corrupt': corrupt = 0 } = next.dropped;
          const last = expected.indexOf(found.at(-1) ?? '');
          assert.equal(corrupt, last + 1 - found.length, 'counted by the gap in seq');
          assert.equal(next.told.adopted, found.length + corrupt);
        },
      ),
      { numRuns: 12 },
    );
  });
}

test('a record whose definition is damaged goes out under a resource of the adopter', async (t) => {
  const whole = sample(t, false);
  const image = Buffer.from(whole.image);
  image.fill(0, image.indexOf(definition.resource), image.indexOf(definition.resource) + 4);
  const [found, next] = await openWith(t, whole, image);
  assert.equal(found.length, records);
  assert.deepEqual(next.dropped, {});
});

test('hostile lengths and a mebibyte of forged headers cost milliseconds, not records', async (t) => {
  const whole = sample(t, false);
  const forged = Buffer.alloc(1024 * 1024);
  // Genuine headers, each of which claims a payload up to the end.
  for (let at = 0; at + frameHeaderBytes < forged.length; at += frameHeaderBytes) {
    forged.write('OFRM', at);
    forged.writeUInt32LE(Math.min(500_000, forged.length - at - frameHeaderBytes), at + 4);
    forged.writeBigUInt64LE(BigInt(records + 1 + at), at + 12);
    forged.writeUInt16LE(crc32(forged.subarray(at, at + 22)) & 0xffff, at + 22);
  }
  const before = performance.now();
  const [found] = await openWith(t, whole, Buffer.concat([whole.image, forged]));
  assert.equal(found.length, records);
  assert.ok(performance.now() - before < 1_500);
});

test('one record that is lost to damage is told as one', async (t) => {
  const whole = sample(t, false);
  const [start, end] = whole.spans[7] ?? [0, 0];
  const image = Buffer.from(whole.image).fill(0, start + frameHeaderBytes, end);
  const [found, next] = await openWith(t, whole, image);
  assert.equal(found.length, records - 1);
  const [notice] = next.notices.filter(({ code }) => code === 'OTEL_SETUP_SPOOL_DAMAGED');
  assert.match(
    notice?.message ?? '',
    /^A record in the spool could not be read back and is lost: /,
  );
});
