// Reads a spool's root from outside: what lies there, what of it is still to be delivered, what was set aside.

import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ReadRecord, readLogRecord } from './log-record.ts';
import { readCursor, readSegment } from './spool-format.ts';

export interface SpoolDirectory {
  readonly path: string;
  /** Made, and not yet renamed to its place. */
  readonly isHidden: boolean;
  readonly owner: Readonly<Record<string, unknown>> | undefined;
  readonly segments: number;
  readonly bytes: number;
  /** Records past the cursor, in their order. */
  readonly pending: readonly ReadRecord[];
  readonly damagedBytes: number;
  /** How many seqs are missing between the first and the last pending one. */
  readonly missing: number;
}

export interface SpoolImage {
  readonly directories: readonly SpoolDirectory[];
  readonly quarantined: readonly ReadRecord[];
  /** Of everything below the root that is a file. */
  readonly bytes: number;
}

const idPattern = /^\.?[0-9a-z]{8}$/;
const segmentPattern = /^\d{12}\.seg$/;

/** Every directory below `<root>/v1/<service>`, those that a living one has adopted included. */
export function inspectSpool(root: string): SpoolImage {
  const services = list(join(root, 'v1')).map((name) => join(root, 'v1', name));
  return {
    directories: services.flatMap((service) => directoriesIn(service)),
    quarantined: services.flatMap((service) => quarantinedIn(join(service, 'quarantine'))),
    bytes: diskBytes(root),
  };
}

function directoriesIn(parent: string): SpoolDirectory[] {
  return list(parent)
    .filter((name) => idPattern.test(name) && isDirectory(join(parent, name)))
    .flatMap((name) => [readDirectory(parent, name), ...directoriesIn(join(parent, name))]);
}

function readDirectory(parent: string, name: string): SpoolDirectory {
  const path = join(parent, name);
  const cursor = readCursor(contents(join(path, 'cursor')));
  const files = list(path).filter((file) => segmentPattern.test(file));
  const settled = cursor?.seq ?? 0;
  const isGivenUp = (seq: number): boolean =>
    cursor !== undefined && cursor.gapTo > 0 && seq >= cursor.gapFrom && seq <= cursor.gapTo;
  const pending = new Map<number, ReadRecord>();
  let damagedBytes = 0;
  for (const file of files.sort()) {
    const image = readSegment(contents(join(path, file)));
    damagedBytes += image.damagedBytes;
    for (const { isDefinition, payload, seq } of image.frames) {
      if (isDefinition || seq <= settled || isGivenUp(seq)) continue;
      pending.set(seq, readLogRecord(payload));
    }
  }
  const seqs = [...pending.keys()];
  const span = seqs.length === 0 ? 0 : (seqs.at(-1) ?? 0) - (seqs[0] ?? 0) + 1;
  return {
    path,
    isHidden: name.startsWith('.'),
    owner: readOwner(join(path, 'owner.json')),
    segments: files.length,
    bytes: diskBytes(path),
    pending: [...pending.values()],
    damagedBytes,
    missing: span - seqs.length,
  };
}

function quarantinedIn(path: string): ReadRecord[] {
  return list(path)
    .filter((name) => name.endsWith('.ndjson'))
    .flatMap((name) => contents(join(path, name)).toString().trimEnd().split('\n'))
    .filter((line) => line !== '')
    .map((line) =>
      readLogRecord(Buffer.from((JSON.parse(line) as { record: string }).record, 'base64')),
    );
}

/** Bytes of all files below a path; what vanishes meanwhile counts nothing. */
export function diskBytes(path: string): number {
  try {
    const stat = lstatSync(path);
    if (!stat.isDirectory()) return stat.isFile() ? stat.size : 0;
    return list(path).reduce((sum, name) => sum + diskBytes(join(path, name)), 0);
  } catch {
    // Settled and unlinked between the listing and the look.
    return 0;
  }
}

function readOwner(path: string): SpoolDirectory['owner'] {
  try {
    return JSON.parse(contents(path).toString()) as SpoolDirectory['owner'];
  } catch {
    // Damaged or not yet written.
    return undefined;
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    // Not there, or no directory.
    return [];
  }
}

function isDirectory(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function contents(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    // Gone meanwhile, or not ours to read: then nothing of it counts as kept.
    return Buffer.alloc(0);
  }
}
