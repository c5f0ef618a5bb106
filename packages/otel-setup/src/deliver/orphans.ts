// Replays what dead processes left, beside the process's own queue: one at a time, oldest first.

import type { Lane } from './lane.ts';
import type { Line } from './line.ts';
import { Pace } from './pace.ts';
import type { Queue } from './queue.ts';

export interface OwnQueueState {
  /** The process's own queue cannot deliver at the moment, or is the one that probes. */
  isFailing(): boolean;
  /** It has more waiting than one request holds. */
  isBacklogged(): boolean;
}

// How often a replay that stands back looks again.
const lookAgainMs = 500;

export class Orphans {
  readonly #line: Line;
  readonly #lane: Lane;
  readonly #next: () => Queue | undefined;
  readonly #own: OwnQueueState;
  #pace: Pace | undefined;
  #running: Promise<void> | undefined;
  #failed: () => void = () => undefined;

  constructor(line: Line, lane: Lane, next: () => Queue | undefined, own: OwnQueueState) {
    this.#line = line;
    this.#lane = lane;
    this.#next = next;
    this.#own = own;
  }

  get isReplaying(): boolean {
    return this.#running !== undefined;
  }

  /** Looks whether there is one; nothing where a replay is under way. */
  wake(): void {
    if (this.#running !== undefined || this.#line.isStopped) return;
    if (this.#next() === undefined) return;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** Resolves when the replay has ended, or at its next failure. */
  untilFailure(): Promise<void> {
    const failed = new Promise<void>((resolve) => {
      this.#failed = resolve;
    });
    return Promise.race([this.#running ?? Promise.resolve(), failed]);
  }

  /** A request of the own queue was answered. */
  ownSent(bytes: number, isGood: boolean): void {
    this.#pace?.ownSent(bytes);
    if (!isGood) this.#pace?.bad();
  }

  /** Resolves when the replay has ended, after the line was stopped. */
  async stop(): Promise<void> {
    this.#lane.stop();
    await this.#running;
  }

  async #run(): Promise<void> {
    this.#pace ??= new Pace(this.#line.options.world);
    try {
      while (!this.#line.isStopped) {
        const queue = this.#next();
        if (queue === undefined) return;
        await this.#turn(queue, this.#pace);
      }
    } catch (error) {
      this.#line.tell('internal', String(error));
    }
  }

  async #turn(queue: Queue, pace: Pace): Promise<void> {
    const standsBack = this.#own.isFailing() || (this.#own.isBacklogged() && pace.isOverdrawn);
    const waitMs = standsBack ? lookAgainMs : pace.waitMs;
    if (waitMs > 0) {
      await this.#lane.wait(waitMs);
      return;
    }
    const startMs = this.#line.options.world.clock.monotonic();
    await this.#lane.turn(queue, pace.batchBytes);
    if (this.#lane.isFailing) {
      pace.bad();
      this.#failed();
    } else pace.good();
    pace.sent(this.#lane.sentBytes, startMs);
  }
}
