// The spool of this process, wired: the writer at one end, the queue at the other, what watches over both.

import type { Batch, Definition } from '../record/batch.ts';
import { Cap } from './cap.ts';
import { Context } from './context.ts';
import { cut } from './cut.ts';
import { DefinitionTable } from './definition-table.ts';
import { DirectoryStore } from './directory-store.ts';
import { Disk } from './disk.ts';
import { House } from './house.ts';
import { ImagePool } from './image.ts';
import { createUuid } from './layout.ts';
import type { Queue, Spool, SpoolOptions, SpoolStats } from './options.ts';
import { Orphans } from './orphans.ts';
import { Quarantine } from './quarantine.ts';
import { Roller } from './roller.ts';
import { SegmentQueue } from './segment-queue.ts';
import { Strangers } from './strangers.ts';
import { Syncer } from './syncer.ts';
import { Watch } from './watch.ts';
import { Writer, type WriterParts } from './writer.ts';

const defaultRingBytes = 8 * 1024 * 1024;
// A full segment is one request, never one and a rest: with 960 KiB each segment of 1 KB records took two, and a slow
// endpoint half as many records a second.
const largestSegment = 920 * 1024;
const smallestSegment = 16 * 1024;
/** Of one request, as the sender composes it. */
const requestLimits = { maxBytes: 950_000, maxExpandedBytes: 3_000_000 };

export class OwnSpool implements Spool {
  readonly own: Queue;
  readonly #context: Context;
  readonly #table = new DefinitionTable();
  readonly #queue: SegmentQueue;
  readonly #disk: Disk;
  readonly #house: House;
  readonly #writer: Writer;
  readonly #orphans: Orphans;
  readonly #syncer: Syncer;
  readonly #watch: Watch;
  readonly #maxBytes: () => number;

  constructor(options: SpoolOptions) {
    const context = new Context(options);
    const home = () => this.#house.home;
    const pool = new ImagePool();
    const quarantine = new Quarantine(context, home);
    const storeParts = { context, pool, quarantine, ownTable: this.#table };
    const store = new DirectoryStore(storeParts, undefined, false);
    const queue = new SegmentQueue(store, false, 'own');
    const disk = new Disk(context, home);
    const strangers = new Strangers(context);
    const orphans = new Orphans({ context, home, store: storeParts, strangers });
    const syncer = new Syncer({
      context,
      queue,
      home,
      failed: (segment, error) => this.#watch.syncFailed(segment, error),
    });
    const ringBytes = options.ringBytes ?? defaultRingBytes;
    const cap = new Cap({ context, home, orphans, queue });
    const eighth = Math.floor(Math.min(ringBytes, options.config.maxBytes ?? ringBytes) / 8);
    const segmentBytes = Math.max(smallestSegment, Math.min(largestSegment, eighth));
    const parts = { context, queue, store, pool, disk, home, ringBytes, segmentBytes };
    const roller = new Roller({
      ...parts,
      uuid: createUuid(context.random),
      makeRoom: (bytes) => cap.makeRoom(bytes),
      sealed: (segment) => syncer.sealed(segment),
      rewritten: (segment) => syncer.rewritten(segment),
    });
    this.#writer = this.#createWriter(parts, roller);
    this.#house = new House({ context, queue, store, roller, writer: this.#writer });
    const [house, writer] = [this.#house, this.#writer];
    const hasRoom = () => cap.makeRoom(segmentBytes);
    this.#watch = new Watch({
      ...parts,
      roller,
      house,
      orphans,
      quarantine,
      writer,
      hasRoom,
    });
    this.own = queue;
    this.#context = context;
    this.#queue = queue;
    this.#maxBytes = () => cap.maxBytes ?? ringBytes;
    this.#disk = disk;
    this.#syncer = syncer;
    this.#orphans = orphans;
    this.#house.open();
    this.#watch.start();
  }

  #createWriter(
    parts: Pick<WriterParts, 'context' | 'queue' | 'disk' | 'segmentBytes'>,
    roller: Roller,
  ): Writer {
    return new Writer({
      ...parts,
      table: this.#table,
      roll: (now, active, nextSeq) => {
        this.#house.check();
        return roller.roll(now, active, nextSeq);
      },
      seal: (active) => roller.seal(active),
      rest: (now, active) => roller.rest(now, active),
    });
  }

  define(definition: Definition): number {
    return this.#table.define(definition);
  }

  append(bytes: Buffer, start: number, end: number, definition: number, severity: number): void {
    this.#writer.append(bytes, start, end, definition, severity);
  }

  appended(): void {
    this.#syncer.appended();
  }

  nextOrphan(): Queue | undefined {
    return this.#orphans.next();
  }

  scan(): void {
    this.#watch.scan();
  }

  stats(): SpoolStats {
    const { home } = this.#house;
    const queue = this.#queue;
    const ownBytes = queue.segments.reduce((sum, { file }) => sum + (file?.length ?? 0), 0);
    const oldest = queue.pending > 0 ? queue.appendedAt(queue.settledSeq + 1) : undefined;
    return {
      mode: home !== undefined && this.#disk.state === 'good' ? 'record' : 'memory',
      directory: home?.directory.path,
      root: home?.root,
      rootFrom: home?.rootFrom,
      pending: queue.pending,
      pendingBytes: queue.pendingBytes,
      diskBytes: ownBytes + (home?.directory.spareBytes ?? 0) + this.#orphans.diskBytes,
      maxBytes: this.#maxBytes(),
      oldestMs: oldest === undefined ? undefined : this.#context.clock.monotonic() - oldest,
      adopted: {
        found: this.#context.adoptedFound,
        pending: this.#orphans.pending,
        dropped: this.#context.adoptedDropped,
      },
    };
  }

  snapshot(maxBytes: number): Batch[] {
    const batches: Batch[] = [];
    let left = maxBytes;
    for (const segment of [...this.#queue.segments]) {
      const image = segment.pending > 0 ? this.#queue.imageOf(segment) : undefined;
      let at = image?.indexAfter(this.#queue.settledSeq) ?? 0;
      while (image !== undefined && at < image.count) {
        const batch = cut(image, at, requestLimits);
        const bytes = (batch.ends[batch.count - 1] ?? 0) - (batch.starts[0] ?? 0);
        if (bytes > left) return batches;
        left -= bytes;
        at += batch.count;
        batches.push(batch);
      }
    }
    return batches;
  }

  /** What is still to be said: whoever hears it may log. */
  tell(): void {
    this.#context.tellGaps(true);
    this.#context.tellNotices();
  }

  close(): void {
    this.#watch.close();
    this.#orphans.close();
    for (const { file } of this.#queue.segments) {
      file?.trim();
      file?.close();
    }
    this.#house.close(this.#queue.pending === 0 && this.#orphans.isEmpty);
  }
}
