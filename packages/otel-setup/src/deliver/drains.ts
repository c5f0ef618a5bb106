// Who waits for the records that were pending at the time of asking: flush, shutdown, the end.

import type { Clock, Timer } from '../world.ts';

export interface Drained {
  /** Records of the own queue that were stored since the call. */
  readonly delivered: number;
  /** Records of the own queue that are left. */
  readonly pending: number;
}

interface Waiter {
  readonly target: number;
  readonly deliveredBefore: number;
  readonly untilFailure: boolean;
  readonly timer: Timer;
  readonly resolve: (drained: Drained) => void;
}

export class Drains {
  readonly #clock: Clock;
  readonly #pending: () => number;
  readonly #waiters = new Set<Waiter>();
  #settled = 0;
  #delivered = 0;

  constructor(clock: Clock, pending: () => number) {
    this.#clock = clock;
    this.#pending = pending;
  }

  get isWanted(): boolean {
    return this.#waiters.size > 0;
  }

  /** Resolves when what is pending now is settled, at the deadline, or as `untilFailure` says. */
  wait(timeoutMs: number, untilFailure: boolean): Promise<Drained> {
    return new Promise((resolve) => {
      // The one timer here that keeps the process alive: somebody waits for the result.
      const timer = this.#clock.setTimeout(() => this.#finish(waiter), timeoutMs);
      const waiter: Waiter = {
        target: this.#settled + this.#pending(),
        deliveredBefore: this.#delivered,
        untilFailure,
        timer,
        resolve,
      };
      this.#waiters.add(waiter);
    });
  }

  settled(count: number, delivered: number): void {
    this.#settled += count;
    this.#delivered += delivered;
    const isEmpty = this.#pending() === 0;
    for (const waiter of this.#waiters) {
      if (isEmpty || this.#settled >= waiter.target) this.#finish(waiter);
    }
  }

  failed(): void {
    for (const waiter of this.#waiters) {
      if (waiter.untilFailure) this.#finish(waiter);
    }
  }

  /** Nothing more will be sent. */
  end(): void {
    for (const waiter of this.#waiters) this.#finish(waiter);
  }

  #finish(waiter: Waiter): void {
    if (!this.#waiters.delete(waiter)) return;
    this.#clock.clearTimeout(waiter.timer);
    const delivered = this.#delivered - waiter.deliveredBefore;
    waiter.resolve({ delivered, pending: this.#pending() });
  }
}
