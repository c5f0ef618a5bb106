// Ends one segment and begins the next: on disk within the cap, or in memory within the ring.

import type { Context } from './context.ts';
import type { DirectoryStore } from './directory-store.ts';
import type { Disk } from './disk.ts';
import type { Home } from './home.ts';
import type { Image, ImagePool } from './image.ts';
import { createSegment, isBrisk, type Segment } from './segment.ts';
import { segmentHeaderBytes, writeSegmentHeader } from './segment-header.ts';
import type { SegmentQueue } from './segment-queue.ts';

export interface RollerParts {
  readonly context: Context;
  readonly queue: SegmentQueue;
  readonly store: DirectoryStore;
  readonly pool: ImagePool;
  readonly disk: Disk;
  readonly home: () => Home | undefined;
  readonly uuid: Uint8Array;
  readonly segmentBytes: number;
  readonly ringBytes: number;
  /** Makes room for so many bytes below the cap; false when nothing more of ours could go. */
  readonly makeRoom: (bytes: number) => boolean;
  /** A file that is sealed and must stay open until it is synced, or not. */
  readonly sealed: (segment: Segment) => void;
  /** Its file is new, and not synced. */
  readonly rewritten: (segment: Segment) => void;
}

export class Roller {
  readonly #parts: RollerParts;
  #number = 0;

  constructor(parts: RollerParts) {
    this.#parts = parts;
  }

  roll(now: number, active: Segment | undefined, nextSeq: number): Segment {
    const { context, disk, makeRoom, queue, segmentBytes } = this.#parts;
    const wasFull = active !== undefined && (active.image?.used ?? 0) > segmentBytes / 2;
    if (active !== undefined) this.seal(active);
    if (disk.state === 'good' && this.#parts.home() !== undefined) {
      disk.checkSpace();
      if (disk.state === 'good' && !makeRoom(this.#growth())) disk.capped();
    }
    const image = this.#parts.pool.take(segmentBytes, !wasFull);
    const segment = this.#begin(now, nextSeq, image);
    queue.add(segment);
    this.trim();
    context.crash('segment-rolled');
    return segment;
  }

  /** Bytes that the next segment takes on disk, beside the file that is kept for it. */
  #growth(): number {
    const spareBytes = this.#parts.home()?.directory.spareBytes ?? 0;
    return Math.max(0, this.#parts.segmentBytes - spareBytes);
  }

  /** Each second: where no segment is filled in seconds, nothing that was delivered stays on disk for the next one. */
  rest(now: number, active: Segment | undefined): void {
    if (active !== undefined && isBrisk(active, now)) return;
    this.#parts.home()?.directory.dropSpare();
    active?.file?.trim();
  }

  /** Writes to disk what could only be kept in memory. Stops where the disk fails again. */
  store(): void {
    const { context, disk, queue } = this.#parts;
    const directory = this.#parts.home()?.directory;
    if (directory === undefined) return;
    for (const segment of queue.segments) {
      if (segment.kind === 'whole' || segment.image === undefined || segment.pending === 0)
        continue;
      if (!this.#parts.makeRoom(segment.image.used)) return;
      const startedAt = context.clock.monotonic();
      if (!this.rewrite(segment)) return;
      disk.wrote(segment.image.used, startedAt, context.clock.monotonic());
      if (disk.state !== 'good') return;
    }
  }

  /** The segment's file anew, from memory; false when the disk refuses. */
  rewrite(segment: Segment): boolean {
    const { disk, uuid } = this.#parts;
    const directory = this.#parts.home()?.directory;
    const { createdMs, first, image, number } = segment;
    if (directory === undefined || image === undefined) return false;
    try {
      if (segment.kind === 'ring') image.seal();
      writeSegmentHeader(image.buffer, { lossy: false, uuid, first, createdMs, number });
      const file = directory.rewriteSegment(number, image.buffer, image.used);
      segment.file?.close();
      segment.file = file;
      segment.kind = 'whole';
      if (segment.isSealed) this.#parts.sealed(segment);
      this.#parts.rewritten(segment);
      return true;
    } catch (error) {
      disk.failed(error);
      return false;
    }
  }

  /** Gives memory up until the ring is within its bounds: what is on disk is read back later. */
  trim(): void {
    const { disk, queue, ringBytes } = this.#parts;
    let held = queue.segments.reduce((sum, { image }) => sum + (image?.buffer.length ?? 0), 0);
    while (held > ringBytes) {
      const oldest = queue.segments.find(
        (segment) => segment.isSealed && segment.image !== undefined && !queue.isTaken(segment),
      );
      if (oldest === undefined) return;
      held -= oldest.image?.buffer.length ?? 0;
      if (oldest.kind !== 'whole' && !this.#rescue(oldest)) {
        this.#giveUp(oldest, disk.state === 'full' ? 'disk_full' : 'memory_cap');
      }
      this.#parts.store.release(oldest);
    }
  }

  /** A slow disk is still better than none: one write for a thousand records, before they would be lost. */
  #rescue(segment: Segment): boolean {
    const { context, disk, makeRoom } = this.#parts;
    if (!disk.isBearable || segment.image === undefined || !makeRoom(segment.image.used)) {
      return false;
    }
    const startedAt = context.clock.monotonic();
    const isSafe = this.rewrite(segment);
    disk.bore(context.clock.monotonic() - startedAt);
    return isSafe;
  }

  #giveUp(segment: Segment, reason: 'disk_full' | 'memory_cap'): void {
    const { context, queue, ringBytes } = this.#parts;
    if (reason === 'memory_cap') {
      const mebibytes = Math.round(ringBytes / 1024 / 1024);
      context.notice(
        'MEMORY_CAP',
        'error',
        `More records are waiting than memory holds (${mebibytes} MiB): the oldest are dropped. Give the spool a directory that can be written (LOG_SPOOL_DIR), or see why nothing is delivered.`,
      );
    }
    const filed = segment.filed.seqs.filter((seq) => seq > queue.settledSeq).length;
    if (filed === 0) queue.giveUp(segment, reason);
    else queue.keepFiled(segment, filed, reason);
  }

  seal(active: Segment): void {
    const { context, queue } = this.#parts;
    active.isSealed = true;
    active.file?.trim();
    active.lastMs = context.clock.now();
    const { image } = active;
    if (image !== undefined && active.pending > 0 && image.used < image.buffer.length / 2) {
      // Sealed by age: a quiet service would otherwise fill the ring with empty space.
      image.buffer = Buffer.from(image.buffer.subarray(0, image.used));
    }
    this.#parts.sealed(active);
    queue.retireSettled();
  }

  #begin(now: number, first: number, image: Image): Segment {
    const { context, disk, queue, uuid } = this.#parts;
    const number = ++this.#number;
    const createdMs = Math.floor(context.clock.now());
    const home = this.#parts.home();
    const kind = home === undefined ? 'ring' : disk.kind;
    const isLossy = kind !== 'whole' || queue.segments.some((segment) => segment.kind !== 'whole');
    const segment = createSegment({
      number,
      kind,
      first,
      createdMs,
      startedAt: now,
      isLossy,
      image,
    });
    writeSegmentHeader(image.buffer, { lossy: isLossy, uuid, first, createdMs, number });
    if (kind !== 'whole') home?.directory.dropSpare();
    if (kind === 'ring' || home === undefined) return segment;
    try {
      segment.file = home.directory.createSegment(number, image.buffer, segmentHeaderBytes, now);
    } catch (error) {
      disk.failed(error);
      segment.kind = 'ring';
    }
    return segment;
  }
}
