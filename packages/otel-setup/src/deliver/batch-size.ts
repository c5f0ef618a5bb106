// How large the next request may be: what the server refused as too large or too fast counts.

import type { Batch } from '../record/batch.ts';

export interface SizeLimits {
  /** Bytes of one OTLP request. */
  readonly maxBytes: number;
  /** Bytes of one request as Loki expands it: each record with its resource and scope. */
  readonly maxExpandedBytes: number;
}

const smallestRateBytes = 64 * 1024;
const smallestBytes = 1024;
// A request of the working size that passes this often in a row lets it grow by a quarter.
const passesToGrow = 20;

export class BatchSize {
  readonly #limits: SizeLimits;
  #working: number;
  #rate: number;
  #passes = 0;
  #largest = 0;

  constructor(limits: SizeLimits) {
    this.#limits = limits;
    this.#working = limits.maxBytes;
    this.#rate = limits.maxBytes;
  }

  get maxBytes(): number {
    return Math.min(this.#working, this.#rate);
  }

  /** The largest request that passed, in bytes. */
  get largestPassed(): number {
    return this.#largest;
  }

  /** A request of so many bytes was too large. */
  tooLarge(bytes: number): void {
    this.#working = Math.max(smallestBytes, Math.floor(Math.min(this.#working, bytes) / 2));
    this.#passes = 0;
    if (this.#largest >= bytes) this.#largest = 0;
  }

  /** Each 429 in a row halves the next batch. */
  rateLimited(bytes: number): void {
    const size = Math.min(this.#rate, Math.max(bytes, smallestRateBytes * 2));
    this.#rate = Math.min(this.#limits.maxBytes, Math.max(smallestRateBytes, Math.floor(size / 2)));
  }

  passed(bytes: number): void {
    const { maxBytes } = this.#limits;
    this.#largest = Math.max(this.#largest, bytes);
    this.#rate = Math.min(maxBytes, this.#rate * 2);
    if (this.#working === maxBytes || bytes < this.#working / 2) return;
    this.#passes += 1;
    if (this.#passes < passesToGrow) return;
    this.#passes = 0;
    this.#working = Math.min(maxBytes, Math.floor(this.#working * 1.25));
  }
}

// Tag and length of a record, and of the scope and resource around it.
const recordOverhead = 6;
const definitionOverhead = 16;

/** How many records from `from` on make a request of at most `maxBytes`; at least one. */
export function fitRequest(batch: Batch, from: number, to: number, maxBytes: number): number {
  let bytes = (batch.definitions[from]?.resource.length ?? 0) + definitionOverhead;
  for (let i = from; i < to; i += 1) {
    const definition = batch.definitions[i];
    if (i === from || definition !== batch.definitions[i - 1]) {
      bytes += (definition?.scope.length ?? 0) + definitionOverhead;
    }
    bytes += (batch.ends[i] ?? 0) - (batch.starts[i] ?? 0) + recordOverhead;
    if (bytes > maxBytes && i > from) return i;
  }
  return to;
}
