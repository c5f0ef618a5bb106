// Records that were given up in the middle of a directory, and counted then: whoever adopts it must not count them
// again. The cursor has room for the newest range, and for the number of all others.

import type { Segment } from './segment.ts';

interface Range {
  readonly from: number;
  readonly to: number;
}

export class GivenUp {
  newest: Range = { from: 0, to: 0 };
  #older: Range[] = [];
  #thinned: Segment[] = [];

  /** A whole segment. */
  add(segment: Segment): void {
    const { from, to } = this.newest;
    this.#thinned = this.#thinned.filter((other) => other !== segment);
    if (to + 1 === segment.first) {
      this.newest = { from, to: segment.last };
      return;
    }
    if (to > 0) this.#older.push(this.newest);
    this.newest = { from: segment.first, to: segment.last };
  }

  /** What its `pending` leaves out of a segment that stays. */
  thin(segment: Segment): void {
    if (!this.#thinned.includes(segment)) this.#thinned.push(segment);
  }

  /** Of the records from one to another, those in the newest range. */
  within(from: number, to: number): number {
    const { newest } = this;
    if (newest.to === 0) return 0;
    return Math.max(0, Math.min(to, newest.to) - Math.max(from, newest.from) + 1);
  }

  /** Of the records after `settledSeq`, those besides the newest range. */
  besides(settledSeq: number): number {
    if (this.#older.length === 0 && this.#thinned.length === 0) return 0;
    this.#older = this.#older.filter(({ to }) => to > settledSeq);
    this.#thinned = this.#thinned.filter(({ last }) => last > settledSeq);
    let count = 0;
    for (const { from, to } of this.#older) count += to - Math.max(from, settledSeq + 1) + 1;
    for (const { first, last, pending } of this.#thinned) {
      const from = Math.max(first, settledSeq + 1);
      count += last - from + 1 - this.within(from, last) - pending;
    }
    return count;
  }
}
