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

  /** At most a second's worth in one request. */
  get batchBytes(): number {
    return Math.max(smallestBatchBytes, this.#bytesPerSecond);
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

  /** Doubles each second while the answers are good. */
  good(): void {
    const now = this.#world.clock.monotonic();
    if (now - this.#raisedMs < 1000) return;
    this.#raisedMs = now;
    this.#bytesPerSecond = Math.min(mostBytesPerSecond, this.#bytesPerSecond * 2);
  }

  /** Halves at any failure, the own queue's included. */
  bad(): void {
    this.#raisedMs = this.#world.clock.monotonic();
    this.#bytesPerSecond = Math.max(leastBytesPerSecond, this.#bytesPerSecond / 2);
  }
}
