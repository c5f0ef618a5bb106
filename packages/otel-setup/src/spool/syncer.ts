// Makes records durable against a power cut, off the caller's thread: when the oldest unsettled record turns 1 s
// old, at most once a second. A healthy route settles sooner, and then nothing is ever synced.

import type { Context } from './context.ts';
import { syncDirectory } from './directory.ts';
import type { Home } from './home.ts';
import type { Segment } from './segment.ts';
import type { SegmentQueue } from './segment-queue.ts';

const maxAgeMs = 1_000;
// Beyond this many open descriptors the oldest are closed, and opened by path when their turn comes.
const maxOpen = 64;

export interface SyncerParts {
  readonly context: Context;
  readonly queue: SegmentQueue;
  readonly home: () => Home | undefined;
  /** A sync failed: what the kernel held of this file can be lost (its pages count as clean now). */
  readonly failed: (segment: Segment, error: Error) => void;
}

export class Syncer {
  readonly #parts: SyncerParts;
  #isArmed = false;
  #syncedSeq = 0;
  #rewrittenFrom = Number.POSITIVE_INFINITY;
  readonly #sealedOpen: Segment[] = [];
  #hasSyncedHome: Home | undefined;

  constructor(parts: SyncerParts) {
    this.#parts = parts;
  }

  /** Hot path: after each append. */
  appended(): void {
    if (!this.#isArmed) this.#arm(maxAgeMs);
  }

  /** A file that is not written to any more stays open as long as a sync may be needed. */
  sealed(segment: Segment): void {
    const { file } = segment;
    if (file === undefined) return;
    if (!file.isDirty || segment.pending === 0) {
      file.close();
      return;
    }
    if (!this.#sealedOpen.includes(segment)) this.#sealedOpen.push(segment);
    if (this.#sealedOpen.length > maxOpen) this.#sealedOpen.shift()?.file?.close();
  }

  /** Records that were synced before, or never were, lie in a new file. */
  rewritten(segment: Segment): void {
    this.#rewrittenFrom = Math.min(this.#rewrittenFrom, segment.first);
    this.#syncedSeq = Math.min(this.#syncedSeq, segment.first - 1);
    if (!this.#isArmed) this.#arm(maxAgeMs);
  }

  #arm(delayMs: number): void {
    this.#parts.context.after(delayMs, () => this.#check());
    // Not before: a timer that could not be made, for want of stack, would be waited for for ever.
    this.#isArmed = true;
  }

  #check(): void {
    const { context, home, queue } = this.#parts;
    this.#isArmed = false;
    const oldest = queue.appendedAt(Math.max(queue.settledSeq, this.#syncedSeq) + 1);
    if (oldest === undefined || home() === undefined) return;
    const leftMs = oldest + maxAgeMs - context.clock.monotonic();
    if (leftMs > 0) this.#arm(Math.max(1, leftMs));
    else this.#sync();
  }

  #sync(): void {
    const { context, queue } = this.#parts;
    this.#isArmed = true;
    this.#rewrittenFrom = Number.POSITIVE_INFINITY;
    const upTo = queue.segments.at(-1)?.last ?? 0;
    const dirty = queue.segments.filter(
      ({ file, pending }) => file?.isDirty === true && pending > 0,
    );
    const startedAt = context.clock.monotonic();
    const next = (): void => {
      const segment = dirty.shift();
      if (segment !== undefined) {
        this.#syncOne(segment, next);
        return;
      }
      this.#syncDirectories(() => {
        const synced = Math.max(this.#syncedSeq, upTo);
        this.#syncedSeq = Math.min(synced, this.#rewrittenFrom - 1);
        this.#arm(Math.max(1, maxAgeMs - (context.clock.monotonic() - startedAt)));
      });
    };
    next();
  }

  #syncOne(segment: Segment, done: () => void): void {
    const { file } = segment;
    if (file === undefined || segment.pending === 0) {
      done();
      return;
    }
    file.sync((error) => {
      if (segment.isSealed) this.#closeSealed(segment);
      if (error !== undefined) this.#parts.failed(segment, error);
      done();
    });
  }

  #closeSealed(segment: Segment): void {
    const index = this.#sealedOpen.indexOf(segment);
    if (index >= 0) this.#sealedOpen.splice(index, 1);
    segment.file?.close();
  }

  /** Files are found again only if the entries that name them are durable, too. */
  #syncDirectories(done: () => void): void {
    const home = this.#parts.home();
    if (home === undefined || !home.directory.isDirty) {
      done();
      return;
    }
    const above =
      home === this.#hasSyncedHome ? [] : [home.servicePath, `${home.servicePath}/..`, home.root];
    this.#hasSyncedHome = home;
    const { fs } = this.#parts.context;
    const next = (): void => {
      const path = above.shift();
      if (path === undefined) done();
      else syncDirectory(fs, path, next);
    };
    home.directory.sync(next);
  }
}
