// A part of a batch on its way, and what its sender can do with it.

import type { Batch, Definition } from '../record/batch.ts';
import type { Line } from './line.ts';
import type { Outcome } from './outcome.ts';
import type { DropReason, Queue } from './queue.ts';

export interface Shipment {
  readonly queue: Queue;
  readonly batch: Batch;
  readonly from: number;
  readonly to: number;
}

export type Stored = Outcome & { readonly type: 'settle' | 'entries' };
export type Kept = Outcome & { readonly type: 'keep' | 'probe' };

/** The part of a lane that special cases (bisection, shortening) work with. */
export interface Carrier {
  readonly line: Line;
  /** The largest request that passed, in bytes. */
  readonly largestPassed: number;
  /** A record that was delivered: sent again, it tells whether the server takes records at all. */
  readonly control: Batch | undefined;
  /** Sends a part of a batch; undefined where we were stopped meanwhile. */
  post(batch: Batch, from: number, to: number): Promise<Outcome | undefined>;
  /** The shipment is stored, but for what the outcome names. */
  settle(shipment: Shipment, outcome: Stored): void;
  /** Nothing is stored: the next attempt waits. */
  keep(outcome: Kept): void;
  /** One record is given up: into the quarantine, counted, settled. */
  giveUp(shipment: Shipment, index: number, reason: DropReason, words: string): void;
  /** Waits out what `keep` ordered. */
  untilAllowed(): Promise<void>;
  wait(ms: number): Promise<void>;
}

/** A batch of one record. */
export function singleRecord(bytes: Uint8Array, seq: number, definition: Definition): Batch {
  const definitions = [definition];
  return { bytes, starts: [0], ends: [bytes.length], seqs: [seq], definitions, count: 1 };
}
