// What arrived, number by number: a hash of each record's first arrival, so that a repeat can be compared with it.

import { createHash } from 'node:crypto';

const smallest = 65_536;

/** Numbers of one writer that were accepted, first to last; `last + 1` may have arrived too. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

export interface Verdict {
  readonly accepted: number;
  readonly arrived: number;
  /** Accepted and never arrived. */
  readonly lost: number;
  /** Arrived and never accepted, nor the one in the making when its process was killed. */
  readonly invented: number;
}

export class Arrivals {
  total = 0;
  repeats = 0;
  /** Repeats that differ from the first arrival. */
  altered = 0;
  /** First arrivals behind a later number of the same process. */
  disordered = 0;
  #hashes = new Uint32Array(smallest * 2);
  readonly #newest = new Map<string, number>();

  /** `source` is the process that logged it. */
  add(nr: number, source: string, record: Uint8Array, resource: Uint8Array): void {
    this.#growTo(nr);
    const digest = createHash('sha1').update(resource).update(record).digest();
    // 0 stands for "not yet".
    const low = digest.readUInt32LE(0) || 1;
    const high = digest.readUInt32LE(4);
    if (this.has(nr)) {
      this.repeats++;
      if (this.#hashes[nr * 2] !== low || this.#hashes[nr * 2 + 1] !== high) this.altered++;
      return;
    }
    this.total++;
    this.#hashes[nr * 2] = low;
    this.#hashes[nr * 2 + 1] = high;
    if (nr < (this.#newest.get(source) ?? -1)) this.disordered++;
    this.#newest.set(source, nr);
  }

  has(nr: number): boolean {
    return (this.#hashes[nr * 2] ?? 0) !== 0;
  }

  judge(ranges: readonly Range[]): Verdict {
    let accepted = 0;
    let lost = 0;
    let extra = 0;
    for (const { first, last } of ranges) {
      for (let nr = first; nr <= last; nr++) {
        accepted++;
        if (!this.has(nr)) lost++;
      }
      if (this.has(last + 1)) extra++;
    }
    const invented = this.total - extra - (accepted - lost);
    return { accepted: accepted + extra, arrived: this.total, lost, invented };
  }

  #growTo(nr: number): void {
    if (nr * 2 + 1 < this.#hashes.length) return;
    const larger = new Uint32Array(Math.max(this.#hashes.length * 2, (nr + 1) * 2));
    larger.set(this.#hashes);
    this.#hashes = larger;
  }
}
