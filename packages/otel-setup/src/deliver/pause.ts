// A wait on the passed clock that somebody may cut short. It never keeps a process alive.

import type { Clock, Timer } from '../world.ts';

export class Pause {
  readonly #clock: Clock;
  #timer: Timer | undefined;
  #wake: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isWaiting(): boolean {
    return this.#wake !== undefined;
  }

  for(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      this.#timer = this.#clock.setTimeout(() => this.cut(), Math.max(0, ms));
      this.#timer.unref();
    });
  }

  cut(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
