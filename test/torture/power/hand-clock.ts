// A clock that stands still until it is moved.

import type { Clock, Timer } from '../../../packages/otel-setup/src/world.ts';

export class HandClock implements Clock {
  timeMs = 1_000;
  #timers: { readonly at: number; readonly run: () => void; readonly timer: Timer }[] = [];

  readonly now = (): number => Date.UTC(2030, 0) + this.timeMs;

  readonly monotonic = (): number => this.timeMs;

  readonly setTimeout = (run: () => void, delayMs: number): Timer => {
    const timer: Timer = { ref: () => timer, unref: () => timer };
    this.#timers.push({ at: this.timeMs + delayMs, run, timer });
    return timer;
  };

  readonly clearTimeout = (timer: Timer): void => {
    this.#timers = this.#timers.filter((entry) => entry.timer !== timer);
  };

  /** Runs what falls due, in its order. */
  advance(byMs: number): void {
    const end = this.timeMs + byMs;
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      const { at, run } = next;
      this.#timers = this.#timers.filter((entry) => entry !== next);
      this.timeMs = Math.max(this.timeMs, at);
      run();
    }
    this.timeMs = end;
  }

  #next(end: number): { at: number; run: () => void } | undefined {
    return this.#timers.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
  }
}
