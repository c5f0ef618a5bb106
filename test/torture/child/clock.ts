// A clock that runs faster, or whose wall time jumps.

import type { Clock } from '../../../packages/otel-setup/src/world.ts';

export interface ClockFaults {
  /** How many milliseconds pass in one: waits of minutes take seconds. @default 1; fixed at the start */
  readonly speed?: number;
  /** Wall time only. */
  readonly wallOffsetMs?: number;
}

export class WildClock implements Clock {
  wallOffsetMs: number;
  readonly #speed: number;
  readonly #real: Clock;
  readonly #startedAt: number;
  readonly #startedMonotonic: number;
  #turnStartedAt: number | undefined;

  constructor(real: Clock, { speed = 1, wallOffsetMs = 0 }: ClockFaults) {
    this.#real = real;
    this.#speed = speed;
    this.wallOffsetMs = wallOffsetMs;
    this.#startedAt = real.now();
    this.#startedMonotonic = real.monotonic();
  }

  // Arrows: the SDK passes them on without their clock.
  readonly now = (): number => {
    const passedMs = (this.#real.monotonic() - this.#startedMonotonic) * this.#speed;
    return Math.floor(this.#startedAt + passedMs) + this.wallOffsetMs;
  };

  // Within a turn of the loop time passes as it does: a disk that takes its 1 ms is not slow.
  readonly monotonic = (): number => {
    const now = this.#real.monotonic();
    if (this.#speed <= 1) return now * this.#speed;
    this.#turnStartedAt ??= this.#beginTurn(now);
    return this.#turnStartedAt * (this.#speed - 1) + now;
  };

  readonly setTimeout: Clock['setTimeout'] = (run, delayMs) =>
    this.#real.setTimeout(run, delayMs / this.#speed);

  readonly clearTimeout: Clock['clearTimeout'] = (timer) => this.#real.clearTimeout(timer);

  #beginTurn(now: number): number {
    setImmediate(() => {
      this.#turnStartedAt = undefined;
    }).unref();
    return now;
  }
}
