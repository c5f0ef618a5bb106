// Finds the records that poison a batch, without I/O: the lane asks for the next range, sends it
// and tells the result. Ranges always come oldest first, so the order of what passes is kept.

export interface Range {
  readonly from: number;
  readonly to: number;
}

type Step = 'half' | 'rest' | 'part';

/**
 * The older half goes first. If it passes, the poison is in the newer one by inference; if not, the
 * newer is set aside. What was set aside goes as one request the first time, later part by part:
 * 12 requests for one poison in 1,000.
 */
export class Bisection {
  /** Known to hold poison. */
  #suspect: Range | undefined;
  /** Not known; the nearest last. */
  #aside: Range[] = [];
  #step: Step = 'half';
  #restTried = false;

  constructor(from: number, to: number) {
    this.#suspect = { from, to };
  }

  /** The one record that is left of the suspects. */
  get culprit(): number | undefined {
    const suspect = this.#suspect;
    if (suspect === undefined || suspect.to - suspect.from !== 1) return undefined;
    return suspect.from;
  }

  /** The culprit is dealt with. */
  closeCulprit(): void {
    this.#suspect = undefined;
  }

  /** The range to send next; undefined when all is known. Not to be asked while there is a culprit. */
  next(): Range | undefined {
    if (this.#suspect !== undefined) {
      this.#step = 'half';
      return { from: this.#suspect.from, to: middle(this.#suspect) };
    }
    const nearest = this.#aside.at(-1);
    if (nearest === undefined) return undefined;
    this.#step = this.#restTried || this.#aside.length === 1 ? 'part' : 'rest';
    const farthest = this.#aside[0] ?? nearest;
    return this.#step === 'part' ? nearest : { from: nearest.from, to: farthest.to };
  }

  passed(): void {
    if (this.#step === 'rest') this.#aside = [];
    if (this.#step === 'part') this.#aside.pop();
    if (this.#step !== 'half' || this.#suspect === undefined) return;
    this.#suspect = { from: middle(this.#suspect), to: this.#suspect.to };
  }

  refused(): void {
    if (this.#step === 'rest') {
      this.#restTried = true;
      return;
    }
    if (this.#step === 'part') {
      this.#suspect = this.#aside.pop();
      return;
    }
    if (this.#suspect === undefined) return;
    this.#aside.push({ from: middle(this.#suspect), to: this.#suspect.to });
    this.#suspect = { from: this.#suspect.from, to: middle(this.#suspect) };
  }
}

function middle(range: Range): number {
  return range.from + Math.ceil((range.to - range.from) / 2);
}
