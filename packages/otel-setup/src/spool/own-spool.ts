// The spool of this process, wired: the writer at one end, the queue at the other, what watches over both.

import type { Batch, Definition } from '../record/batch.ts';
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
import { Syncer } from './syncer.ts';
import { Usage } from './usage.ts';
import { Watch } from './watch.ts';
import { Writer } from './writer.ts';

const defaultRingBytes = 8 * 1024 * 1024;
const largestSegment = 1024 * 1024;
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
  readonly #watch: Watch;

  constructor(options: SpoolOptions) {
    const context = new Context(options);
    this.#context = context;
    const home = () => this.#house.home;
    const pool = new ImagePool();
    const place = () => home();
    const quarantine = new Quarantine(context, place);
    const storeParts = { context, pool, quarantine, ownTable: this.#table };
    const store = new DirectoryStore(storeParts, undefined, false);
    const queue = new SegmentQueue(store, false, 'own');
    this.own = queue;
    this.#queue = queue;
    this.#disk = new Disk(context, home);
    const disk = this.#disk;
    const ringBytes = options.ringBytes ?? defaultRingBytes;
    const segmentBytes = Math.min(largestSegment, Math.floor(ringBytes / 4));
    const usage = new Usage(context);
    const syncer = new Syncer({
      context,
      queue,
      home,
      failed: (segment, error) => this.#watch.syncFailed(segment, error),
    });
    const roller = new Roller({
      context,
      queue,
      store,
      pool,
      disk,
      home,
      uuid: createUuid(context.random),
      segmentBytes,
      ringBytes,
      makeRoom: (bytes) => this.#makeRoom(usage, bytes),
      sealed: (segment) => syncer.sealed(segment),
    });
    this.#writer = new Writer({
      context,
      queue,
      table: this.#table,
      disk,
      segmentBytes,
      roll: (now, active, nextSeq) => {
        this.#house.check();
        return roller.roll(now, active, nextSeq);
      },
      wrote: () => syncer.wrote(),
    });
    this.#orphans = new Orphans({ context, home, store: storeParts, mayAdopt: () => true });
    this.#house = new House({ context, queue, store, roller, writer: this.#writer });
    this.#watch = new Watch({
      context,
      queue,
      store,
      disk,
      roller,
      house: this.#house,
      orphans: this.#orphans,
      writer: this.#writer,
      hasRoom: () => this.#makeRoom(usage, segmentBytes),
    });
    this.#house.open();
    this.#watch.start();
  }

  define(definition: Definition): number {
    return this.#table.define(definition);
  }

  append(bytes: Buffer, start: number, end: number, definition: number, severity: number): void {
    this.#writer.append(bytes, start, end, definition, severity);
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
    const ownBytes = queue.segments.reduce((sum, { file }) => sum + (file?.size ?? 0), 0);
    const oldest = queue.pending > 0 ? queue.appendedAt(queue.settledSeq + 1) : undefined;
    return {
      mode: home !== undefined && this.#disk.state === 'good' ? 'record' : 'memory',
      directory: home?.directory.path,
      root: home?.root,
      rootFrom: home?.rootFrom,
      pending: queue.pending,
      pendingBytes: queue.pendingBytes,
      diskBytes: ownBytes + this.#orphans.diskBytes,
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

  close(): void {
    this.#watch.close();
    this.#orphans.close();
    for (const { file } of this.#queue.segments) file?.close();
    this.#house.close(this.#queue.pending === 0 && this.#orphans.isEmpty);
    this.#context.tellNotices();
  }

  /** Orphans give way first, oldest first, then our own; never what lives, never another service's. */
  #makeRoom(usage: Usage, bytes: number): boolean {
    const { home } = this.#house;
    if (home === undefined) return false;
    let excess = usage.excess(home, bytes);
    let isCapped = false;
    while (excess > 0) {
      const freed = this.#orphans.dropOldest('disk_cap') || this.#queue.dropOldest('disk_cap');
      if (freed === 0) break;
      isCapped = true;
      usage.freed(freed);
      excess -= freed;
    }
    if (isCapped) {
      this.#context.notice(
        'DISK_CAP',
        'error',
        `The spool below ${home.root} has reached its cap (${Math.round(usage.maxBytes(home) / 1024 / 1024)} MiB): the oldest records are dropped. Raise LOG_SPOOL_MAX_BYTES, or see why nothing is delivered.`,
      );
    }
    return excess <= 0;
  }
}
