// How much text and bytes the values of one record may have in all: one huge text may stand in thousands of places.

import type { Redactor } from './redaction/redactor.ts';

/** UTF-16 units or bytes of one value, and of all. More than Loki takes in one record. */
const maxLength = 262_144;
const maxTotal = 524_288;

export class TextBudget {
  #left = maxTotal;

  /** How much of a value of that length there is room for. */
  allow(length: number): number {
    const allowed = Math.min(length, maxLength, this.#left);
    this.#left -= allowed;
    return allowed;
  }

  fits(text: string): boolean {
    const { length } = text;
    if (length > maxLength || length > this.#left) {
      return false;
    }
    this.#left -= length;
    return true;
  }

  /**
   * The beginning and the end of a text that does not fit, with a mark in between. A secret across the
   * cut would no longer look like one: it goes before.
   */
  shorten(text: string, redactor: Redactor | undefined): string {
    const mark = `...[cut: ${text.length} characters]...`;
    const room = this.allow(text.length);
    if (room === 0) {
      return mark;
    }
    const clean = redactor === undefined ? text : redactor.text(text);
    const tail = Math.floor(room / 4);
    return `${clean.slice(0, room - tail)} ${mark} ${clean.slice(clean.length - tail)}`;
  }
}
