// What becomes of records whose fate is known: counted, quarantined where refused, settled.

import type { Batch } from '../record/batch.ts';
import type { Line } from './line.ts';
import { findOffenders } from './offenders.ts';
import type { Outcome } from './outcome.ts';
import type { DropReason } from './queue.ts';
import { type Shipment, type Stored, singleRecord } from './shipment.ts';

export interface LaneEvents {
  /** So many records of the queue are done, `delivered` of them stored. */
  settled(count: number, delivered: number): void;
  /** An attempt ended without an answer that settles anything. */
  failed(): void;
}

const largestControlBytes = 16 * 1024;

export class Settlement {
  control: Batch | undefined;
  readonly #line: Line;
  readonly #events: LaneEvents;

  constructor(line: Line, events: LaneEvents) {
    this.#line = line;
    this.#events = events;
  }

  /** The records of the shipment are stored, but for those the outcome names. */
  settle(shipment: Shipment, outcome: Stored, wireBytes: number): void {
    const { batch, from, to, queue } = shipment;
    const lost =
      outcome.type === 'entries'
        ? this.#dropEntries(shipment, outcome)
        : this.#dropPartial(shipment, outcome);
    if (lost === 0) this.#keepControl(batch, to - 1);
    const delivered = to - from - lost;
    this.#line.options.report.delivered(delivered, wireBytes, queue.adopted);
    this.#done(shipment, delivered);
  }

  giveUp(shipment: Shipment, index: number, reason: DropReason, words: string): void {
    const { queue, batch } = shipment;
    queue.quarantine(batch, index, reason, this.#line.clean(words));
    this.#line.options.report.dropped(reason, 1, queue.adopted);
    this.#done({ queue, batch, from: index, to: index + 1 }, 0);
  }

  #done(shipment: Shipment, delivered: number): void {
    const last = shipment.batch.seqs[shipment.to - 1];
    if (last !== undefined) shipment.queue.settle(last);
    const count = shipment.to - shipment.from;
    this.#line.settled(count, delivered);
    this.#events.settled(count, delivered);
  }

  #dropPartial(shipment: Shipment, outcome: Outcome & { type: 'settle' }): number {
    const lost = Math.min(outcome.rejected, shipment.to - shipment.from);
    if (lost > 0) {
      this.#line.options.report.dropped('partial_success', lost, shipment.queue.adopted);
      this.#line.tell('partial-success', `${lost} rejected: ${outcome.words}`);
    } else if (outcome.words !== '') {
      this.#line.tell('server-warning', outcome.words);
    }
    return lost;
  }

  #dropEntries(shipment: Shipment, outcome: Outcome & { type: 'entries' }): number {
    const { queue, batch } = shipment;
    const { report, world } = this.#line.options;
    let lost = 0;
    const nowMs = outcome.serverNowMs ?? world.clock.now();
    for (const offence of findOffenders(shipment, outcome.refusals, nowMs)) {
      const { reason, count, indexes } = offence;
      const words = this.#line.clean(offence.words);
      for (const index of indexes) queue.quarantine(batch, index, reason, words);
      report.dropped(reason, count, queue.adopted);
      const kind = offence.wholeStream ? 'labels' : 'entries';
      this.#line.tell(kind, `${count} dropped as ${reason}: ${offence.words}`);
      lost += count;
    }
    return lost;
  }

  #keepControl(batch: Batch, index: number): void {
    const start = batch.starts[index] ?? 0;
    const end = batch.ends[index] ?? 0;
    const definition = batch.definitions[index];
    if (definition === undefined || end - start > largestControlBytes) return;
    // A Buffer's own slice would not copy, and the ring's memory is used again.
    const bytes = Uint8Array.prototype.slice.call(batch.bytes, start, end);
    this.control = singleRecord(bytes, batch.seqs[index] ?? 0, definition);
  }
}
