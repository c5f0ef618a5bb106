// What the spool is given, and what it tells: the shapes at its border.

import type { Notice } from '../errors.ts';
import type { Batch, Definition } from '../record/batch.ts';
import type { World } from '../world.ts';

/** Why the spool itself gives records up; the sender has further reasons. */
export type DropReason = 'disk_cap' | 'memory_cap' | 'disk_full' | 'too_large' | 'corrupt';

/** The steps after which a test may end the process. */
export type CrashPoint =
  | 'dir-made'
  | 'lock-bound'
  | 'owner-written'
  | 'renamed'
  | 'segment-created'
  | 'header-written'
  | 'frame-written'
  | 'segment-rolled'
  | 'cursor-written'
  | 'segment-unlinked'
  | 'dir-removed';

/** Records that were given up together, so that one of our own can say so in their place. */
export interface Gap {
  readonly count: number;
  /** Wall time in ms of the first and of the last of them, to the accuracy of a segment. */
  readonly firstMs: number;
  readonly lastMs: number;
  readonly reason: DropReason;
}

/** What one look at the disk found of this service's dead processes and now holds to send. */
export interface TookOver {
  readonly records: number;
  readonly directories: number;
  /** Wall time in ms at which the oldest segment was begun. */
  readonly oldestMs: number;
}

export interface SpoolReport {
  notice(notice: Notice): void;
  /** `adopted`: they came from a dead process's directory, not from this process. */
  dropped(reason: DropReason, count: number, adopted: boolean): void;
  /** Records found in a dead process's directory. */
  adopted(count: number): void;
  /** At the end of a look, where it found any; those that logged elsewhere are told by a notice. */
  tookOver(tookOver: TookOver): void;
  /** There is something to send that `append` did not announce. */
  rewoken(): void;
  gap?(gap: Gap): void;
}

export interface SpoolOptions {
  readonly config: {
    readonly durability: 'record' | 'memory';
    readonly roots: readonly { readonly path: string; readonly from: string }[];
    readonly maxBytes: number | undefined;
    readonly onKubernetes: boolean;
  };
  /** The key of the directory: no service ever sends another one's records. */
  readonly service: {
    readonly namespace: string;
    readonly name: string;
    readonly environment: string;
  };
  readonly owner: {
    readonly route: string;
    /** Without user-info. */
    readonly origin: string;
    readonly version: string;
    readonly host: string;
    readonly pid: number;
  };
  readonly world: World;
  readonly report: SpoolReport;
  readonly crashPoint?: (name: CrashPoint) => void;
  /** Bytes; default 8 MiB. */
  readonly ringBytes?: number;
}

export interface TakeLimits {
  /** Bytes of the request, an upper bound that counts resource, scopes, tags and lengths. */
  readonly maxBytes: number;
  /** Bytes as Loki expands them: every record with a copy of resource and scope. */
  readonly maxExpandedBytes: number;
  readonly maxRecords?: number;
}

/** Unsettled records of one directory, first in, first out. */
export interface Queue {
  readonly adopted: boolean;
  readonly label: string;
  readonly pending: number;
  /** Bytes of the unsettled records as they are stored, frame headers included. */
  readonly pendingBytes: number;
  /**
   * The oldest unsettled records that fit, at least one; undefined when nothing is pending. Does not
   * remove them: without `settle` in between it starts at the same record again.
   */
  take(limits: TakeLimits): Batch | undefined;
  /** All records up to and including `seq` are done. */
  settle(seq: number): void;
  /** Sets record `index` of a batch aside with the server's words. Counts nothing, settles nothing. */
  quarantine(batch: Batch, index: number, reason: string, words: string): void;
}

export interface SpoolStats {
  /** `record`: on disk before the call returns; `memory`: in the ring only; `off`: closed. */
  readonly mode: 'record' | 'memory' | 'off';
  readonly directory: string | undefined;
  readonly root: string | undefined;
  /** The setting or the default that named the root. */
  readonly rootFrom: string | undefined;
  readonly pending: number;
  readonly pendingBytes: number;
  /** Bytes of our own segments and of those that were adopted. */
  readonly diskBytes: number;
  /** The cap of the whole root; without a directory the ring's. */
  readonly maxBytes: number;
  /** Age in ms of the oldest pending record of this process. */
  readonly oldestMs: number | undefined;
  readonly adopted: { readonly found: number; readonly pending: number; readonly dropped: number };
}

export interface Spool {
  /** A small integer for a resource and scope; the same for byte-equal ones. */
  define(definition: Definition): number;
  /**
   * Stores the encoded LogRecord `bytes[start..end)`, a copy: the caller may reuse its buffer at once.
   * Never throws. A record above 512 KiB is dropped as `too_large`.
   */
  append(
    bytes: Buffer,
    start: number,
    end: number,
    definition: number,
    severityNumber: number,
  ): void;
  /**
   * To be called after each append, once its caller has counted the record. It begins the timer for the sync, and
   * an `async_hooks` listener of the application may log at that: not amid another record's append.
   */
  appended(): void;
  readonly own: Queue;
  /** The oldest adopted directory that has something pending. */
  nextOrphan(): Queue | undefined;
  /** Looks for dead processes' directories now; it also happens at start and every minute. */
  scan(): void;
  stats(): SpoolStats;
  /** What is pending of the own queue, oldest first, up to `maxBytes` in all. Changes nothing. */
  snapshot(maxBytes: number): Batch[];
  /** At the end of the process: an empty directory is removed, one with records is left to the next. */
  close(): void;
}
