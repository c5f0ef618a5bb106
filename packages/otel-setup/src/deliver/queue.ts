// What deliver asks of a queue of stored records: the process's own, or an adopted one.

import type { Batch } from '../record/batch.ts';

export interface TakeLimits {
  readonly maxBytes: number;
  readonly maxExpandedBytes: number;
  readonly maxRecords?: number;
}

export interface Queue {
  /** Records not yet settled. */
  readonly pending: number;
  readonly pendingBytes: number;
  /** The oldest unsettled records that fit, at least one; they stay in the queue. */
  take(limits: TakeLimits): Batch | undefined;
  /** All records up to and including `seq` are done. */
  settle(seq: number): void;
  /** Lays a copy of one record aside, with the server's words; `settle` passes it later. */
  quarantine(batch: Batch, index: number, reason: string, words: string): void;
  readonly adopted: boolean;
  readonly label: string;
}

/** Reasons that deliver gives a record up for. */
export type DropReason =
  | 'rejected'
  | 'too_large'
  | 'too_old'
  | 'too_new'
  | 'too_far_behind'
  | 'partial_success';
