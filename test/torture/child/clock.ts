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

  readonly monotonic = (): number => this.#real.monotonic() * this.#speed;

  readonly setTimeout: Clock['setTimeout'] = (run, delayMs) =>
    this.#real.setTimeout(run, delayMs / this.#speed);

  readonly clearTimeout: Clock['clearTimeout'] = (timer) => this.#real.clearTimeout(timer);
}
