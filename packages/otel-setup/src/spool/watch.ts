// Looks after the spool each second, and for orphans each minute.

import type { Stats } from 'node:fs';
import type { Timer } from '../world.ts';
import type { Context } from './context.ts';
import type { DirectoryStore } from './directory-store.ts';
import type { Disk } from './disk.ts';
import type { House } from './house.ts';
import type { Orphans } from './orphans.ts';
import type { Quarantine } from './quarantine.ts';
import type { Roller } from './roller.ts';
import type { Segment } from './segment.ts';
import type { SegmentQueue } from './segment-queue.ts';
import type { Writer } from './writer.ts';

const tickMs = 1_000;
const scanMs = 60_000;
const scanJitterMs = 5_000;
const probeBytes = 64 * 1024;
const syncFailureMs = 60_000;

export interface WatchParts {
  readonly context: Context;
  readonly queue: SegmentQueue;
  readonly store: DirectoryStore;
  readonly disk: Disk;
  readonly roller: Roller;
  readonly house: House;
  readonly orphans: Orphans;
  readonly quarantine: Quarantine;
  readonly writer: Writer;
  /** Whether there is room below the cap for another segment, once what may go has gone. */
  readonly hasRoom: () => boolean;
}

export class Watch {
  readonly #parts: WatchParts;
  #tickTimer: Timer | undefined;
  #scanTimer: Timer | undefined;
  #settlements = 0;
  #syncFailedAt = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  /** Nothing happens in the caller's own turn. */
  start(): void {
    this.#tickTimer = this.#parts.context.after(tickMs, () => this.#tick());
    const isMemory = this.#parts.context.options.config.durability === 'memory';
    const { orphans } = this.#parts;
    const look = () => (isMemory ? this.#heed(orphans.tellLeftBehind()) : this.#scanRegularly());
    this.#scanTimer = this.#parts.context.after(0, look);
  }

  scan(): void {
    this.#heed(this.#parts.orphans.scan());
  }

  #heed(scan: Promise<void>): void {
    scan.catch((error: unknown) => {
      const words = `Looking for earlier processes' records failed: ${error}.`;
      this.#parts.context.notice('SCAN', 'warn', words);
    });
  }

  close(): void {
    const { context } = this.#parts;
    this.#isClosed = true;
    for (const timer of [this.#tickTimer, this.#scanTimer]) {
      if (timer !== undefined) context.clock.clearTimeout(timer);
    }
  }

  /**
   * What the kernel held of this file can be lost: its pages count as clean now. Memory still has it, for a
   * new file; a disk that fails again within a minute is left alone for a while.
   */
  syncFailed(segment: Segment, error: Error): void {
    const { context, disk, queue, roller, writer } = this.#parts;
    const now = context.clock.monotonic();
    const isAgain = now - this.#syncFailedAt < syncFailureMs;
    this.#syncFailedAt = now;
    context.notice(
      'SYNC_FAILED',
      'error',
      `The disk did not take what was written to the spool (${error.message}): it is written again to a new file. Check the disk below ${segment.file?.path ?? 'the spool'}.`,
    );
    if (!segment.isSealed) writer.mustRoll = true;
    if (segment.pending === 0 || queue.imageOf(segment) === undefined) return;
    if (isAgain) {
      segment.file?.close();
      segment.kind = 'ring';
      disk.failed(error);
    } else {
      roller.rewrite(segment);
    }
  }

  #scanRegularly(): void {
    if (this.#isClosed) return;
    const { context, quarantine } = this.#parts;
    this.scan();
    quarantine.sweep();
    const delayMs = scanMs + context.random() * scanJitterMs;
    this.#scanTimer = context.after(delayMs, () => this.#scanRegularly());
  }

  #tick(): void {
    if (this.#isClosed) return;
    const { context, disk, house, orphans, store, writer } = this.#parts;
    this.#tickTimer = context.after(tickMs, () => this.#tick());
    house.check();
    house.retry();
    if (house.home !== undefined) {
      this.#mend();
      if (disk.isRetryDue(() => this.#recover())) this.#recover();
    }
    writer.rest();
    orphans.sweep();
    store.mustRetry = false;
    if (orphans.retry()) context.options.report.rewoken();
    this.#tellGaps();
  }

  /** Files that were deleted or cut while memory still has what they held. */
  #mend(): void {
    const { context, disk, queue, roller } = this.#parts;
    if (disk.state !== 'good') return;
    for (const segment of queue.segments) {
      const { file, image, kind, pending } = segment;
      if (file === undefined || image === undefined || kind !== 'whole' || pending === 0) continue;
      let stat: Stats | undefined;
      try {
        stat = context.fs.lstatSync(file.path, { throwIfNoEntry: false });
      } catch (error) {
        // Somebody took the directory's mode away, or the disk does not answer. This runs in a timer: what it
        // throws would end the application.
        disk.failed(error);
        return;
      }
      if (stat?.isFile() === true && stat.size === file.length) continue;
      context.notice(
        'FILE_LOST',
        'warn',
        `${file.path} was deleted or changed by somebody; it is written again from memory. Exclude the spool from whatever cleans up there.`,
      );
      if (!roller.rewrite(segment)) return;
    }
  }

  #recover(): void {
    const { disk, hasRoom, house, roller, writer } = this.#parts;
    if (disk.state === 'capped' && !hasRoom()) return;
    // A quota is not seen in the free space.
    if (disk.state !== 'slow' && house.home?.directory.probe(probeBytes) === false) return;
    disk.recovered();
    writer.mustRoll = true;
    if (disk.state === 'good') roller.store();
  }

  // Once the endpoint takes records again: during an outage the count still grows, and each such record
  // would push another one out.
  #tellGaps(): void {
    const { context, queue } = this.#parts;
    if (!context.hasGaps) return;
    const isMoving = queue.settlements !== this.#settlements || queue.pending === 0;
    this.#settlements = queue.settlements;
    if (isMoving) context.tellGaps(false);
  }
}
