// One queue's way over the line: take, send, settle, strictly in order, one request in flight.

import type { Batch } from '../record/batch.ts';
import { BackOff, longestMs } from './back-off.ts';
import { BatchSize, fitRequest, type SizeLimits } from './batch-size.ts';
import { type Doubt, investigate } from './inquest.ts';
import type { Line } from './line.ts';
import { judge, type Outcome } from './outcome.ts';
import { Pause } from './pause.ts';
import type { DropReason, Queue } from './queue.ts';
import { type LaneEvents, Settlement } from './settlement.ts';
import type { Carrier, Kept, Shipment, Stored } from './shipment.ts';
import { sendShortened, smallBytes } from './shortening.ts';

// After so many equal 5xx in a row an empty request tells whether it is the records or the server.
const equalErrorsToDoubt = 8;
// However often somebody flushes, attempts that fail keep this distance.
const hurriedAttemptMs = 550;
const unreadableMs = 1_000;

export class Lane implements Carrier {
  readonly line: Line;
  /** Bytes that the last turn sent, before compression. */
  sentBytes = 0;
  /** Bytes that the last turn's request left behind when it went; infinite unless it was stored. */
  leftBytes: number = Number.POSITIVE_INFINITY;
  /** The longest back-off of our own. */
  mostMs: () => number = () => longestMs;
  readonly #events: LaneEvents;
  readonly #limits: SizeLimits;
  readonly #size: BatchSize;
  readonly #settlement: Settlement;
  readonly #backOff: BackOff;
  readonly #pause: Pause;
  #requestBytes = 0;
  #wireBytes = 0;
  #notBefore = 0;
  #attemptedMs = Number.NEGATIVE_INFINITY;
  #isHeld = false;
  #equalErrors = { status: 0, count: 0 };
  #isSending = false;

  constructor(line: Line, limits: SizeLimits, events: LaneEvents) {
    const { world } = line.options;
    this.line = line;
    this.#events = events;
    this.#limits = limits;
    this.#size = new BatchSize(limits);
    this.#settlement = new Settlement(line, events);
    this.#backOff = new BackOff(() => world.random());
    this.#pause = new Pause(world.clock);
  }

  get isFailing(): boolean {
    return this.#backOff.failures > 0;
  }

  get isSending(): boolean {
    return this.#isSending;
  }

  get isWaiting(): boolean {
    return this.#pause.isWaiting;
  }

  /** The server itself named a time before which nothing is to be sent. */
  get isHeldByServer(): boolean {
    return this.#isHeld && this.#notBefore > this.#now();
  }

  get largestPassed(): number {
    return this.#size.largestPassed;
  }

  get control(): Batch | undefined {
    return this.#settlement.control;
  }

  /** One batch of at most `maxBytes`: waits until it may go, sends it, deals with the answer. */
  async turn(queue: Queue, maxBytes: number = Number.POSITIVE_INFINITY): Promise<void> {
    this.sentBytes = 0;
    this.leftBytes = Number.POSITIVE_INFINITY;
    await this.untilAllowed();
    if (this.line.isStopped) return;
    const most = Math.min(this.#size.maxBytes, maxBytes);
    const batch = queue.take({
      maxBytes: most,
      maxExpandedBytes: this.#limits.maxExpandedBytes,
      ...(this.line.isProbing ? { maxRecords: 1 } : {}),
    });
    if (batch === undefined || batch.count === 0) {
      // No descriptor is free to read them back: without a wait the loop would spin.
      if (queue.pending > 0) await this.wait(unreadableMs);
      return;
    }
    const to = this.line.isProbing ? 1 : fitRequest(batch, 0, batch.count, most);
    const left = queue.pendingBytes - ((batch.ends[to - 1] ?? 0) - (batch.starts[0] ?? 0));
    const outcome = await this.post(batch, 0, to);
    if (outcome?.type === 'settle') this.leftBytes = left;
    if (outcome !== undefined) await this.#apply({ queue, batch, from: 0, to }, outcome);
  }

  /** Somebody waits for the records: an attempt comes at once, whatever our own back-off. */
  hurry(): void {
    const soon = this.#attemptedMs + hurriedAttemptMs;
    if (!this.isHeldByServer) this.#notBefore = Math.min(this.#notBefore, soon);
    this.line.hurry();
    this.#pause.cut();
  }

  /** Ends a wait, once the line is stopped. */
  stop(): void {
    this.#pause.cut();
  }

  async wait(ms: number): Promise<void> {
    if (!this.line.isStopped) await this.#pause.for(ms);
  }

  async untilAllowed(): Promise<void> {
    while (!this.line.isStopped) {
      const waitMs = Math.max(this.#notBefore, this.line.probeAtMs) - this.#now();
      if (waitMs <= 0) return;
      await this.#pause.for(waitMs);
    }
  }

  async post(batch: Batch, from: number, to: number): Promise<Outcome | undefined> {
    const body = to > from ? this.line.options.compose(batch, from, to) : new Uint8Array(0);
    this.#isSending = true;
    const answer = await this.line.post(body);
    this.#isSending = false;
    this.#attemptedMs = this.#now();
    if (answer.type === 'failure' && this.line.isStopped) return undefined;
    this.#requestBytes = body.length;
    this.sentBytes += body.length;
    this.#wireBytes = answer.type === 'answer' ? answer.wireBytes : 0;
    if (answer.type === 'failure' && (answer.kind === 'timeout' || answer.kind === 'network')) {
      this.line.options.report.duplicatePossible(to - from);
    }
    const outcome = judge(answer, this.line.options.world.clock.now());
    if (outcome.type === 'settle' && to > from) this.#size.passed(body.length);
    return outcome;
  }

  settle(shipment: Shipment, outcome: Stored): void {
    this.#backOff.reset();
    this.#equalErrors = { status: 0, count: 0 };
    this.#isHeld = false;
    this.line.succeeded(shipment.queue.pending);
    this.#settlement.settle(shipment, outcome, this.#wireBytes);
  }

  giveUp(shipment: Shipment, index: number, reason: DropReason, words: string): void {
    this.#settlement.giveUp(shipment, index, reason, words);
  }

  keep(outcome: Kept): void {
    const waitMs = outcome.type === 'keep' ? outcome.waitMs : undefined;
    this.line.failed(outcome.trouble, outcome.words, outcome.type === 'probe');
    this.#notBefore = this.#now() + this.#backOff.next(waitMs, this.mostMs());
    this.#isHeld = waitMs !== undefined;
    if (outcome.trouble === 'rate-limited') this.#size.rateLimited(this.#requestBytes);
    this.#events.failed();
  }

  async #apply(shipment: Shipment, outcome: Outcome): Promise<void> {
    switch (outcome.type) {
      case 'settle':
      case 'entries':
        this.settle(shipment, outcome);
        return;
      case 'keep':
        this.keep(outcome);
        if (this.#isDoubtful(outcome.status)) await this.#doubt(shipment, outcome);
        return;
      case 'probe':
        this.keep(outcome);
        return;
      case 'halve':
        await this.#tooLarge(shipment, outcome);
        return;
      case 'bisect':
        await this.#investigate(shipment, { ...outcome, type: 'refusal' });
    }
  }

  /** The next batch is smaller; a single record goes shortened. */
  async #tooLarge(shipment: Shipment, outcome: Outcome & { type: 'halve' }): Promise<void> {
    if (shipment.to - shipment.from === 1) {
      await sendShortened(this, shipment, outcome.words);
      return;
    }
    if (this.#requestBytes <= smallBytes) {
      this.keep({ type: 'probe', trouble: 'client-error', words: outcome.words });
      return;
    }
    this.#size.tooLarge(this.#requestBytes);
    this.line.tell(outcome.trouble, outcome.words);
  }

  #isDoubtful(status: number): boolean {
    const count = this.#equalErrors.status === status ? this.#equalErrors.count + 1 : 1;
    const isDoubtful = status >= 500 && count >= equalErrorsToDoubt;
    this.#equalErrors = { status, count: isDoubtful ? 0 : count };
    return isDoubtful;
  }

  async #doubt(shipment: Shipment, outcome: Outcome & { type: 'keep' }): Promise<void> {
    const { batch, from } = shipment;
    const empty = await this.post(batch, from, from);
    if (empty === undefined) return;
    // 422 is what Loki says of a request without records.
    const answers = empty.type === 'settle' || (empty.type === 'bisect' && empty.status === 422);
    if (answers) await this.#investigate(shipment, { ...outcome, type: 'server-error' });
  }

  async #investigate(shipment: Shipment, doubt: Doubt): Promise<void> {
    const left = await investigate(this, shipment, doubt);
    if (left === undefined || this.line.isStopped) return;
    if (left.outcome.type === 'halve') await this.#tooLarge(left.shipment, left.outcome);
    else this.keep(left.outcome);
  }

  #now(): number {
    return this.line.options.world.clock.monotonic();
  }
}
