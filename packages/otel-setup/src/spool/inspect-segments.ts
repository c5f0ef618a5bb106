// Reads a directory's pending records segment by segment, as far as damage allows, without changing anything.

import type { FileSystem } from '../world.ts';
import { type CursorPosition, cursorStart } from './cursor.ts';
import { DefinitionTable } from './definition-table.ts';
import { Image } from './image.ts';
import { emptyDefinition, list, readCursorOf } from './inspect.ts';
import { segmentName, segmentNumber } from './layout.ts';
import { parseSegment } from './parse-segment.ts';
import { readInto } from './read-file.ts';
import type { SegmentHeader } from './segment-header.ts';

const maxSegmentBytes = 2 * 1024 * 1024;

/** One segment's pending records. The image is used again for the next one. */
export interface InspectedSegment {
  readonly name: string;
  /** Bytes of the file. */
  readonly bytes: number;
  readonly header: SegmentHeader | undefined;
  readonly image: Image;
  /** Records that should stand before or between these, and do not. */
  readonly missing: number;
  /** Records whose resource and scope were damaged. */
  readonly orphaned: number;
  /** Bytes at the end of the file that are no whole frame: what a kill in the middle of a write leaves. */
  readonly unreadBytes: number;
  /** The file is there and cannot be read. */
  readonly isUnread: boolean;
}

interface Inspection {
  readonly fs: FileSystem;
  readonly path: string;
  readonly table: DefinitionTable;
  readonly image: Image;
  readonly count: Missing;
}

/** Of a living process, what stands there at the moment: records that went away meanwhile are not missing. */
export function* inspectSegments(
  fs: FileSystem,
  path: string,
  isAlive: boolean,
): Generator<InspectedSegment> {
  const cursor = readCursorOf(fs, path);
  const table = new DefinitionTable();
  const image = new Image(64 * 1024);
  const count = new Missing(cursor ?? cursorStart, cursor !== undefined);
  const inspection = { fs, path, table, image, count };
  for (const number of segmentNumbers(fs, path)) {
    const segment = isAlive ? inspectMoving(inspection, number) : inspectOne(inspection, number);
    if (segment !== undefined) yield segment;
  }
}

/**
 * A file that is written over while it is read shows the past in some places and the present behind them: what is
 * missing then is there at the next look.
 */
function inspectMoving(inspection: Inspection, number: number): InspectedSegment | undefined {
  const { count } = inspection;
  const { lastSeq } = count;
  let segment: InspectedSegment | undefined;
  for (let looks = 0; looks < 4; looks++) {
    count.lastSeq = lastSeq;
    count.forget();
    segment = inspectOne(inspection, number);
    if (segment === undefined || segment.missing + segment.orphaned === 0) break;
  }
  return segment;
}

function inspectOne(inspection: Inspection, number: number): InspectedSegment | undefined {
  const { count, fs, image, path, table } = inspection;
  const name = segmentName(number);
  const length = readInto(fs, `${path}/${name}`, maxSegmentBytes, (bytes) => {
    image.reset();
    image.growTo(bytes);
    return image.buffer;
  });
  if (typeof length !== 'number') return unreadSegment(fs, path, name, image);
  const limits = { after: count.lastSeq, before: Number.MAX_SAFE_INTEGER };
  const given = { table, fallback: emptyDefinition, number };
  const { header, orphaned, end } = parseSegment(image, length, { ...given, ...limits });
  const missing = count.in(image, header);
  const unreadBytes = image.count === 0 ? 0 : length - end;
  return { name, bytes: length, header, image, missing, orphaned, unreadBytes, isUnread: false };
}

/** Undefined for what went away meanwhile, or is no file. */
function unreadSegment(
  fs: FileSystem,
  path: string,
  name: string,
  image: Image,
): InspectedSegment | undefined {
  const bytes = sizeOf(fs, `${path}/${name}`);
  if (bytes === undefined) return undefined;
  image.reset();
  const nothing = { header: undefined, missing: 0, orphaned: 0, unreadBytes: 0 };
  return { name, bytes, image, ...nothing, isUnread: true };
}

/** Bytes of a file; undefined for what is none. */
export function sizeOf(fs: FileSystem, path: string): number | undefined {
  try {
    const stat = fs.lstatSync(path, { throwIfNoEntry: false });
    return stat?.isFile() === true ? stat.size : undefined;
  } catch {
    // The directory can be listed, and not entered.
    return 0;
  }
}

function segmentNumbers(fs: FileSystem, path: string): number[] {
  return list(fs, path)
    .map((name) => segmentNumber(name))
    .filter((number) => number !== undefined)
    .sort((one, other) => one - other);
}

class Missing {
  lastSeq: number;
  #isAnchored: boolean;
  readonly #cursor: CursorPosition;

  constructor(cursor: CursorPosition, isAnchored: boolean) {
    this.#cursor = cursor;
    this.#isAnchored = isAnchored;
    this.lastSeq = cursor.seq;
  }

  forget(): void {
    this.#isAnchored = false;
  }

  in(image: Image, header: SegmentHeader | undefined): number {
    let missing = 0;
    if (!this.#isAnchored && header !== undefined) {
      this.lastSeq = Math.max(this.lastSeq, header.first - 1);
      this.#isAnchored = true;
    }
    for (let index = 0; index < image.count; index++) {
      const seq = image.seqs[index] ?? 0;
      if (this.#isAnchored) missing += this.#between(this.lastSeq + 1, seq - 1);
      this.#isAnchored = true;
      this.lastSeq = seq;
    }
    return header?.lossy === true ? 0 : missing;
  }

  /** Of these numbers, those that were not given up, and counted, before. */
  #between(from: number, to: number): number {
    if (to < from) return 0;
    const { gapFrom, gapTo } = this.#cursor;
    const known = gapTo === 0 ? 0 : Math.min(to, gapTo) - Math.max(from, gapFrom) + 1;
    return to - from + 1 - Math.max(0, known);
  }
}
