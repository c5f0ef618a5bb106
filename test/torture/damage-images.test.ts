// Damaged images of a spool, opened and drained by the thousand.

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from './case.ts';
import { payloadOf } from './oracle/payload.ts';
import { type Frame, readSegment } from './oracle/spool-format.ts';
import { damages } from './power/damage.ts';
import { drainOrphans, openRoom } from './power/spool-room.ts';
import { sized } from './settings.ts';
import { torture } from './torture.ts';

const records = 2_000;
const size = 600;
const textOf = (seq: number): string => payloadOf(`image:w1:${seq}`, size);

const idOf = (text: string): string => text.slice(0, text.indexOf(' '));

interface Template {
  readonly service: string;
  readonly id: string;
  readonly files: ReadonlyMap<string, Buffer>;
}

/** What a process left that wrote 2,000 records and was killed. */
function makeTemplate(c: Case): Template {
  const root = join(c.folder, 'template');
  const { put, spool } = openRoom({ root });
  for (let seq = 1; seq <= records; seq++) put(textOf(seq));
  const [service = ''] = readdirSync(join(root, 'v1'));
  const [id = ''] = readdirSync(join(root, 'v1', service));
  const path = join(root, 'v1', service, id);
  const names = readdirSync(path).filter((name) => name !== 'lock');
  const files = new Map(names.sort().map((name) => [name, readFileSync(join(path, name))]));
  spool.close();
  return { service, id, files };
}

/**
 * What is still whole in an image, by the oracle's decoder; and how many records are seen to be missing. Where a page
 * stands twice, a record whose own place was damaged may have a copy behind its successors: that one is out of
 * order, and damaged.
 */
function expected(files: ReadonlyMap<string, Buffer>): { seqs: number[]; missing: number } {
  const seqs: number[] = [];
  let known = 0;
  for (const [name, bytes] of files) {
    if (!name.endsWith('.seg')) continue;
    const { frames, header } = readSegment(bytes);
    for (const { seq } of frames.filter(isGenuine)) if (seq > (seqs.at(-1) ?? 0)) seqs.push(seq);
    known = Math.max(known, seqs.at(-1) ?? 0, header === undefined ? 0 : header.first - 1);
  }
  return { seqs, missing: known - seqs.length };
}

function isGenuine({ isDefinition, payload, seq }: Frame): boolean {
  if (isDefinition) return false;
  assert.equal(payload.toString('latin1'), textOf(seq), 'the oracle took damage for a record');
  return true;
}

function damage(c: Case, { files }: Template): { names: string[]; image: Map<string, Buffer> } {
  const image = new Map(files);
  const segments = [...files.keys()].filter((name) => name.endsWith('.seg'));
  const kinds = Object.entries(damages);
  const names: string[] = [];
  for (let count = 1 + c.draw(2); count > 0; count--) {
    const segment = segments[c.draw(segments.length)] ?? '';
    const [name, spoil] = kinds[c.draw(kinds.length)] ?? ['', (bytes: Buffer) => bytes];
    image.set(
      segment,
      spoil(image.get(segment) ?? Buffer.alloc(0), (end) => c.draw(end)),
    );
    names.push(`${name} of ${segment}`);
  }
  return { names, image };
}

async function openImage(c: Case, { id, service }: Template, number: number): Promise<void> {
  const template = templateOf(c);
  const { image, names } = damage(c, template);
  const root = join(c.folder, `image-${number}`);
  const path = join(root, 'v1', service, id);
  for (const directory of [root, join(root, 'v1'), join(root, 'v1', service), path]) {
    mkdirSync(directory, { mode: 0o700 });
  }
  for (const [name, bytes] of image) writeFileSync(join(path, name), bytes, { mode: 0o600 });
  const room = openRoom({ root });
  const isAdopted = () => !readdirSync(join(root, 'v1', service)).includes(id);
  const texts = await drainOrphans(
    room.spool,
    () => isAdopted() && room.spool.stats().adopted.pending === 0,
  );
  const { missing, seqs } = expected(image);
  const what = `image ${number}: ${names.join(', ')}`;
  assert.deepEqual(
    texts.map(idOf),
    seqs.map((seq) => idOf(textOf(seq))),
    what,
  );
  assert.deepEqual(texts, seqs.map(textOf), what);
  assert.equal(room.dropped.corrupt ?? 0, missing, what);
  assert.equal(room.adopted, seqs.length + missing, what);
  room.spool.close();
  rmSync(root, { recursive: true });
}

const templates = new WeakMap<Case, Template>();
function templateOf(c: Case): Template {
  const known = templates.get(c) ?? makeTemplate(c);
  templates.set(c, known);
  return known;
}

torture(
  'T09',
  'bit flips, truncations, zeroed, overwritten and doubled pages, garbage tails',
  { timeoutMs: sized(120_000, 1_800_000) },
  async (c) => {
    const images = sized(200, 10_000);
    for (let number = 1; number <= images; number++) await openImage(c, templateOf(c), number);
    Object.assign(c.figures, { images, records: images * records });
  },
);
