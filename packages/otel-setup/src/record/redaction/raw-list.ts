// Names and values by turns, as Node hands them on: `rawHeaders: [ 'Host', 'a', 'X-Api-Key', 'x' ]`.
// Hot path: a text may have a thousand of them. It is read once, as far as it is asked for.

import { maybeColour } from './colour.ts';

/** Of a text that is not read from its beginning. */
const maxListLength = 4_096;

export class RawList {
  readonly #start = /raw(?:Headers|Trailers)\\{0,7}["']?\s{0,2}:\s{0,2}\[(?!\s{0,64}\])/g;
  /** A bracket within a text, as of `[::1]:80`, is none. */
  readonly #end = new RegExp(`(?:["']${maybeColour}| more items?)\\s{0,64}\\]`, 'g');
  /** Where the list begins that was found last, and where one ends; where the next one begins. */
  #from = -1;
  #to = -1;
  #next = -1;

  /** Before another text. */
  reset(): void {
    this.#from = -1;
    this.#to = -1;
    this.#next = -1;
  }

  /** Whether this place is in such a list. To be asked of places one behind the other. */
  has(text: string, at: number): boolean {
    if (this.#next < 0) {
      this.#next = after(this.#start, text, Math.max(0, at - maxListLength));
    }
    while (this.#next <= at) {
      this.#from = this.#next;
      this.#next = after(this.#start, text, this.#from);
    }
    if (this.#from >= 0 && this.#to < this.#from) {
      this.#to = after(this.#end, text, this.#from);
    }
    return this.#from >= 0 && at < this.#to;
  }
}

/** Where the next match ends. */
function after(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : Number.POSITIVE_INFINITY;
}
