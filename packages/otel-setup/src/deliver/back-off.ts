// How long to wait after a failed attempt: full jitter, 0.5 s doubling to 30 s.

const firstMs = 500;
export const longestMs: number = 30_000;
// Never under 0.25 s; from the second failure on 0.6 s, so that no run of luck makes more than
// 20 requests in 10 s.
const leastMs = [250, 600] as const;

export class BackOff {
  #failures = 0;
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  get failures(): number {
    return this.#failures;
  }

  /** The wait in ms before the next attempt; what the server asks for wins. */
  next(serverWaitMs: number | undefined, mostMs: number): number {
    const ceiling = Math.min(mostMs, firstMs * 2 ** Math.min(this.#failures, 10));
    const least = this.#failures === 0 ? leastMs[0] : leastMs[1];
    this.#failures += 1;
    // Up to 5 % later than asked for, so that a fleet told the same second does not come at once.
    if (serverWaitMs !== undefined) {
      return Math.max(least, serverWaitMs * (1 + 0.05 * this.#random()));
    }
    return Math.max(least, this.#random() * ceiling);
  }

  reset(): void {
    this.#failures = 0;
  }
}
