// Segments as a queue: take at one end, settle, and let go of what is settled. Our own records and an
// adopted directory are the same to it; what differs is the store behind.

import type { Batch } from '../record/batch.ts';
import type { CursorPosition } from './cursor.ts';
import { cut } from './cut.ts';
import { GivenUp } from './given-up.ts';
import type { Image } from './image.ts';
import type { DropReason, Queue, TakeLimits } from './options.ts';
import { isLossy, type Segment, settledOffset } from './segment.ts';

export interface Store {
  /** The records of a segment that is not in memory; `later` when only the moment is bad. */
  load(segment: Segment, after: number, before: number): Image | 'gone' | 'later';
  writeCursor(position: CursorPosition): void;
  /** The segment is settled or given up: its file and its memory go. */
  retire(segment: Segment): void;
  quarantine(record: Uint8Array, seq: number, batch: Batch, index: number, why: string[]): void;
  dropped(reason: DropReason, count: number, segment: Segment | undefined): void;
}

export class SegmentQueue implements Queue {
  readonly adopted: boolean;
  readonly label: string;
  readonly segments: Segment[] = [];
  pending = 0;
  pendingBytes = 0;
  settledSeq = 0;
  /** How often something was settled: that the endpoint takes records again. */
  settlements = 0;
  readonly #store: Store;
  readonly #givenUp = new GivenUp();
  #takenSeq = 0;

  constructor(store: Store, adopted: boolean, label: string) {
    this.#store = store;
    this.adopted = adopted;
    this.label = label;
  }

  /** Starts behind what a cursor says is settled or was given up. */
  startAt(position: CursorPosition): void {
    this.settledSeq = position.seq;
    this.#givenUp.newest = { from: position.gapFrom, to: position.gapTo };
  }

  add(segment: Segment): void {
    this.segments.push(segment);
    this.pending += segment.pending;
    this.pendingBytes += segment.pendingBytes;
  }

  /** Its oldest records are with the sender: they stay where they are. */
  isTaken(segment: Segment): boolean {
    return segment === this.#head() && this.#takenSeq > this.settledSeq;
  }

  take(limits: TakeLimits): Batch | undefined {
    for (let head = this.#head(); head !== undefined; head = this.#head()) {
      const image = this.imageOf(head);
      if (image === undefined) {
        if (head.pending > 0) return undefined;
        this.#sweep();
        continue;
      }
      const batch = cut(image, image.indexAfter(this.settledSeq), limits);
      this.#takenSeq = batch.seqs[batch.count - 1] ?? 0;
      return batch;
    }
    return undefined;
  }

  settle(seq: number): void {
    const last = this.segments.at(-1)?.last ?? 0;
    const to = Math.min(seq, last);
    if (to <= this.settledSeq) return;
    this.settlements++;
    let reached: Segment | undefined;
    for (const segment of this.segments) {
      if (segment.first > to) break;
      reached = segment;
      if (segment.last <= to) this.#forget(segment);
      else this.#settlePart(segment, to);
    }
    this.settledSeq = to;
    if (reached !== undefined) this.#writeCursor(reached);
    this.#sweep();
  }

  quarantine(batch: Batch, index: number, reason: string, words: string): void {
    const record = batch.bytes.subarray(batch.starts[index], batch.ends[index]);
    this.#store.quarantine(record, batch.seqs[index] ?? 0, batch, index, [reason, words]);
  }

  /** Gives up the oldest segment that is not with the sender; the bytes that leaves on disk, or 0. */
  dropOldest(reason: DropReason): number {
    const segment = this.segments.find(
      (candidate) => candidate.isSealed && candidate.file !== undefined && !this.isTaken(candidate),
    );
    if (segment === undefined) return 0;
    const bytes = segment.file?.length ?? 0;
    this.giveUp(segment, reason);
    return Math.max(1, bytes);
  }

  giveUp(segment: Segment, reason: DropReason): void {
    const count = segment.pending;
    const isHead = segment === this.#head();
    this.#forget(segment);
    if (isHead) {
      this.settledSeq = Math.max(this.settledSeq, segment.last);
    } else if (count > 0) {
      this.#givenUp.add(segment);
    }
    // The cursor goes first: a record that is counted as dropped must not be found again.
    const head = isHead ? segment : this.#head();
    if (head !== undefined) this.#writeCursor(head);
    this.segments.splice(this.segments.indexOf(segment), 1);
    this.#store.retire(segment);
    if (count > 0) this.#store.dropped(reason, count, segment);
    this.#sweep();
  }

  /** Of a sparse segment whose memory is needed, only what its file holds stays. */
  keepFiled(segment: Segment, filed: number, reason: DropReason): void {
    const lost = segment.pending - filed;
    const bytes = Math.min(segment.pendingBytes, segment.file?.size ?? 0);
    segment.pending = filed;
    this.pending -= lost;
    this.pendingBytes -= segment.pendingBytes - bytes;
    segment.pendingBytes = bytes;
    if (lost === 0) return;
    this.#givenUp.thin(segment);
    const head = this.#head();
    if (head !== undefined) this.#writeCursor(head);
    this.#store.dropped(reason, lost, segment);
  }

  /** Monotonic ms of the append of the first record from `seq` on; undefined when there is none. */
  appendedAt(seq: number): number | undefined {
    const segment = this.segments.find(({ first, last }) => last >= seq && last >= first);
    if (segment === undefined) return undefined;
    const { image } = segment;
    const time = image?.times[image.indexAfter(seq - 1)] ?? 0;
    return time > 0 ? time : segment.startedAt;
  }

  retireSettled(): void {
    this.#sweep();
  }

  /** Into a directory that is new: what was settled before is not missing there. */
  rewriteCursor(): void {
    this.#writePosition(0, 0);
  }

  /** The image of a segment, read back where it is not in memory; what is missing then is counted. */
  imageOf(segment: Segment): Image | undefined {
    if (segment.image !== undefined) return segment.pending > 0 ? segment.image : undefined;
    const next = this.segments[this.segments.indexOf(segment) + 1];
    const loaded = this.#store.load(
      segment,
      this.settledSeq,
      next?.first ?? Number.MAX_SAFE_INTEGER,
    );
    if (loaded === 'later') return undefined;
    const image = loaded === 'gone' ? undefined : loaded;
    const found = image === undefined ? 0 : image.count - image.indexAfter(this.settledSeq);
    this.#correct(segment, found, next);
    if (image === undefined || found === 0) return undefined;
    segment.image = image;
    return image;
  }

  /** Of records counted in this segment, those that lie in a range which was given up before. */
  knownGap(from: number, to: number): number {
    return this.#givenUp.within(from, to);
  }

  /** What its `pending` leaves out was given up, and counted when it was. */
  thin(segment: Segment): void {
    this.#givenUp.thin(segment);
  }

  #correct(segment: Segment, found: number, next: Segment | undefined): void {
    const missing = segment.pending - found;
    if (missing === 0) return;
    segment.pending = found;
    this.pending -= missing;
    this.thin(segment);
    if (found === 0) this.#forget(segment);
    if (isLossy(segment, next)) this.#store.dropped('disk_full', missing, segment);
    else this.#store.dropped('corrupt', missing, undefined);
  }

  #head(): Segment | undefined {
    return this.segments.find((segment) => segment.pending > 0);
  }

  #forget(segment: Segment): void {
    this.pending -= segment.pending;
    this.pendingBytes -= segment.pendingBytes;
    segment.pending = 0;
    segment.pendingBytes = 0;
  }

  #settlePart(segment: Segment, seq: number): void {
    const image = this.imageOf(segment);
    if (image === undefined) return;
    const index = image.indexAfter(seq);
    const left = image.count - index;
    const leftBytes =
      index === 0 ? segment.pendingBytes : image.used - (image.ends[index - 1] ?? 0);
    this.pending -= segment.pending - left;
    this.pendingBytes -= segment.pendingBytes - leftBytes;
    segment.pending = left;
    segment.pendingBytes = leftBytes;
  }

  #writeCursor(segment: Segment): void {
    this.#writePosition(segment.number, settledOffset(segment, this.settledSeq));
  }

  #writePosition(segment: number, offset: number): void {
    const { from: gapFrom, to: gapTo } = this.#givenUp.newest;
    const given = this.#givenUp.besides(this.settledSeq);
    this.#store.writeCursor({ segment, offset, seq: this.settledSeq, gapFrom, gapTo, given });
  }

  /** Retires what is settled at the old end. */
  #sweep(): void {
    let count = 0;
    for (const segment of this.segments) {
      if (!segment.isSealed || segment.pending > 0) break;
      count++;
    }
    const settled = this.segments.splice(0, count);
    const newest = settled.at(-1);
    if (newest === undefined) return;
    if (newest.last > this.settledSeq) {
      this.settledSeq = newest.last;
      this.#writeCursor(newest);
    }
    for (const segment of settled) this.#store.retire(segment);
  }
}
