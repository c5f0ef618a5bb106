// Opens a dead process's directory as a queue: counts from headers what is pending, and reads payloads only of
// the last segment, whose end no header tells.

import type { Context } from './context.ts';
import { type CursorPosition, cursorStart, readCursor } from './cursor.ts';
import { Directory } from './directory.ts';
import { DirectoryStore, type StoreParts } from './directory-store.ts';
import { cursorName, segmentName, segmentNumber } from './layout.ts';
import { readInto, readSmallFile } from './read-file.ts';
import { createSegment, isLossy, type Segment } from './segment.ts';
import { SegmentFile } from './segment-file.ts';
import { readSegmentHeader, segmentHeaderBytes } from './segment-header.ts';
import { SegmentQueue } from './segment-queue.ts';

const cursorBytes = 8192;

export interface Recovered {
  readonly directory: Directory;
  readonly store: DirectoryStore;
  readonly queue: SegmentQueue;
  /** Records that were pending, those that are missing included. */
  readonly found: number;
  /** Wall time in ms of the oldest segment. */
  readonly oldestMs: number;
}

/** Throws when it cannot be read at the moment: then nothing is counted and nothing changed. */
export function recover(parts: StoreParts, path: string, label: string): Recovered {
  const { context } = parts;
  const { crash, fs } = context;
  const slot = readCursor(
    readSmallFile(fs, `${path}/${cursorName}`, cursorBytes) ?? Buffer.alloc(0),
  );
  const directory = new Directory(fs, path, crash, slot?.generation ?? 0);
  const store = new DirectoryStore(parts, directory, true);
  const queue = new SegmentQueue(store, true, label);
  const position = slot ?? cursorStart;
  queue.startAt(position);
  const segments = listSegments(context, path, store, queue.settledSeq);
  const missing = slot === undefined ? 0 : missingBefore(queue, segments[0]);
  for (const [index, segment] of segments.entries()) {
    measure(queue, store, segment, segments[index + 1]);
  }
  forgive(queue, store, segments, position.given);
  for (const segment of segments) {
    if (segment.pending > 0) segment.pendingBytes = unsettledBytes(segment, position);
    queue.add(segment);
  }
  if (store.mustRetry) throw new Error(`${path} cannot be read at the moment.`);
  const found = queue.pending + missing;
  context.adoptedFound += found;
  context.options.report.adopted(found);
  if (missing > 0) tellMissing(store, missing, segments[0]);
  queue.retireSettled();
  const oldestMs = segments[0]?.createdMs ?? 0;
  return { directory, store, queue, found, oldestMs };
}

function unsettledBytes(segment: Segment, position: CursorPosition): number {
  const settled = segment.number === position.segment ? position.offset : 0;
  return Math.max(0, (segment.file?.size ?? 0) - Math.max(segmentHeaderBytes, settled));
}

function listSegments(
  context: Context,
  path: string,
  store: DirectoryStore,
  settledSeq: number,
): Segment[] {
  const numbers = context.fs
    .readdirSync(path)
    .map((name) => segmentNumber(name))
    .filter((number) => number !== undefined)
    .sort((one, other) => one - other);
  const segments: Segment[] = [];
  for (const number of numbers) {
    const segment = openSegment(context, `${path}/${segmentName(number)}`, number);
    const previous = segments.at(-1);
    const known = segment ?? withoutHeader(context, path, number, store, settledSeq);
    if (known === undefined || (previous !== undefined && known.first < previous.first)) continue;
    if (previous !== undefined) {
      previous.last = known.first - 1;
      previous.lastMs = Math.max(previous.createdMs, known.createdMs);
    }
    segments.push(known);
  }
  return segments;
}

function openSegment(context: Context, path: string, number: number): Segment | undefined {
  const { fs } = context;
  const bytes = Buffer.alloc(segmentHeaderBytes);
  const read = readInto(fs, path, segmentHeaderBytes, () => bytes);
  const header = typeof read === 'number' ? readSegmentHeader(bytes, read, number) : undefined;
  if (header === undefined) return undefined;
  const stat = fs.lstatSync(path, { throwIfNoEntry: false });
  const segment = createSegment({
    number,
    kind: 'whole',
    first: header.first,
    createdMs: header.createdMs,
    startedAt: context.clock.monotonic(),
    isLossy: header.lossy,
    file: SegmentFile.at(fs, path, stat?.size ?? 0),
    isSealed: true,
  });
  segment.lastMs = Math.max(header.createdMs, stat?.mtimeMs ?? 0);
  return segment;
}

/** Its header is damaged: what frames it holds say where it begins. */
function withoutHeader(
  context: Context,
  path: string,
  number: number,
  store: DirectoryStore,
  settledSeq: number,
): Segment | undefined {
  const { fs } = context;
  const filePath = `${path}/${segmentName(number)}`;
  const stat = fs.lstatSync(filePath, { throwIfNoEntry: false });
  if (stat?.isFile() !== true) return undefined;
  const given = {
    number,
    kind: 'whole',
    first: 0,
    createdMs: Math.floor(stat.mtimeMs),
    startedAt: context.clock.monotonic(),
    isLossy: false,
    file: SegmentFile.at(fs, filePath, stat.size),
    isSealed: true,
  } as const;
  const image = store.load(createSegment(given), settledSeq, Number.MAX_SAFE_INTEGER);
  if (typeof image === 'string') return undefined;
  const segment =
    image.count > 0 ? createSegment({ ...given, first: image.seqs[0] ?? 0 }) : undefined;
  store.recycle(image);
  return segment;
}

function missingBefore(queue: SegmentQueue, first: Segment | undefined): number {
  if (first === undefined) return 0;
  const [from, to] = [queue.settledSeq + 1, first.first - 1];
  return Math.max(0, to - from + 1 - queue.knownGap(from, to));
}

function tellMissing(store: DirectoryStore, count: number, first: Segment | undefined): void {
  if (first?.isLossy === true) store.dropped('disk_full', count, first);
  else store.dropped('corrupt', count, undefined);
}

/** Of the records that are missing for want of disk, so many were counted by the dead process itself. */
function forgive(
  queue: SegmentQueue,
  store: DirectoryStore,
  segments: readonly Segment[],
  given: number,
): void {
  let left = given;
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1];
    if (left === 0) return;
    if (segment.pending === 0 || !isLossy(segment, next)) continue;
    const known = Math.min(left, segment.pending - countIn(store, segment, next, queue.settledSeq));
    segment.pending -= known;
    left -= known;
    queue.thin(segment);
  }
}

/** The records after `settledSeq` that a segment's file holds. */
function countIn(
  store: DirectoryStore,
  segment: Segment,
  next: Segment | undefined,
  settledSeq: number,
): number {
  const image = store.load(segment, settledSeq, next?.first ?? Number.MAX_SAFE_INTEGER);
  if (typeof image === 'string') return 0;
  const count = image.count - image.indexAfter(settledSeq);
  store.recycle(image);
  return count;
}

function measure(
  queue: SegmentQueue,
  store: DirectoryStore,
  segment: Segment,
  next: Segment | undefined,
): void {
  if (next === undefined) segment.last = lastOf(queue, store, segment);
  const from = Math.max(segment.first, queue.settledSeq + 1);
  const { last } = segment;
  segment.pending = Math.max(0, last - from + 1 - queue.knownGap(from, last));
}

function lastOf(queue: SegmentQueue, store: DirectoryStore, segment: Segment): number {
  const image = store.load(segment, queue.settledSeq, Number.MAX_SAFE_INTEGER);
  if (typeof image === 'string') return segment.first - 1;
  const last = image.count === 0 ? 0 : (image.seqs[image.count - 1] ?? 0);
  const { file } = segment;
  // Behind it may stand what the file held before.
  if (file !== undefined) file.size = image.ends[image.count - 1] ?? segmentHeaderBytes;
  store.recycle(image);
  return Math.max(segment.first - 1, last);
}
