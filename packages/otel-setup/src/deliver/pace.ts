// How fast orphans are replayed beside the process's own records: the answers govern the pace, and
// the process's own queue has 70 % of the line.

import type { World } from '../world.ts';

const firstBytesPerSecond = 512 * 1024;
const leastBytesPerSecond = 16 * 1024;
const mostBytesPerSecond = 64 * 1024 * 1024;
const smallestBatchBytes = 64 * 1024;
const orphansShare = 0.3 / 0.7;
const mostCreditBytes = 2_000_000;

export class Pace {
  readonly #world: Pick<World, 'clock' | 'random'>;
  #bytesPerSecond: number;
  #raisedMs: number;
  #nextMs: number;
  #creditBytes = 0;
  #carefulFrom = Number.POSITIVE_INFINITY;

  constructor(world: Pick<World, 'clock' | 'random'>) {
    const now = world.clock.monotonic();
    this.#world = world;
    // Processes that start together after a deploy do not replay in step.
    this.#bytesPerSecond = firstBytesPerSecond * (0.75 + world.random() / 2);
    this.#nextMs = now + world.random() * 1000;
    this.#raisedMs = this.#nextMs;
  }

  /** Ms until the next batch may go. */
  get waitMs(): number {
    return Math.max(0, this.#nextMs - this.#world.clock.monotonic());
  }

  /** The orphans have used up their share of the line while the own queue had need of it. */
  get isOverdrawn(): boolean {
    return this.#creditBytes <= 0;
  }

  /** At most a quarter of a second's worth in one request. */
  get batchBytes(): number {
    return Math.max(smallestBatchBytes, this.#bytesPerSecond / 4);
  }

  /** An orphans' request of so many bytes has been answered; it began at `startMs`. */
  sent(bytes: number, startMs: number): void {
    this.#nextMs = startMs + (bytes / this.#bytesPerSecond) * 1000;
    this.#creditBytes = Math.max(-mostCreditBytes, this.#creditBytes - bytes);
  }

  /** The own queue's request has been answered. */
  ownSent(bytes: number): void {
    this.#creditBytes = Math.min(mostCreditBytes, this.#creditBytes + bytes * orphansShare);
  }

  /**
   * Doubles each second while the answers are good. From half of the pace that failed on it goes by
   * 15 %: with 20 processes at one tenant's limit, that made the longest wait of a live record 2 s
   * instead of 11.
   */
  good(): void {
    const now = this.#world.clock.monotonic();
    if (now - this.#raisedMs < 1000) return;
    this.#raisedMs = now;
    const factor = this.#bytesPerSecond < this.#carefulFrom ? 2 : 1.15;
    this.#bytesPerSecond = Math.min(mostBytesPerSecond, this.#bytesPerSecond * factor);
  }

  /** Halves at any failure, the own queue's included. */
  bad(): void {
    this.#raisedMs = this.#world.clock.monotonic();
    this.#carefulFrom = this.#bytesPerSecond / 2;
    this.#bytesPerSecond = Math.max(leastBytesPerSecond, this.#bytesPerSecond / 2);
  }
}
