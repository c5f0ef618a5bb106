// A rate limit with a burst.

export class TokenBucket {
  readonly #perMs: number;
  readonly #burst: number;
  #tokens: number;
  #atMs: number | undefined;

  constructor(perSecond: number, burst: number) {
    this.#perMs = perSecond / 1000;
    this.#burst = burst;
    this.#tokens = burst;
  }

  /** Takes `amount`, or nothing when that is too much now. More than the burst never passes. */
  take(amount: number, nowMs: number): boolean {
    const passed = Math.max(0, nowMs - (this.#atMs ?? nowMs));
    this.#tokens = Math.min(this.#burst, this.#tokens + passed * this.#perMs);
    this.#atMs = nowMs;
    if (amount > this.#tokens) return false;
    this.#tokens -= amount;
    return true;
  }
}
