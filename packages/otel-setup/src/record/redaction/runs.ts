// Hot path: runs on the caller's thread for every text that may hold a secret.
// Values without quotes. A text may be one run of characters with a thousand keys in it: it is read once.

import { isClosing, leastSecretLength, secretSign, urlOrCall } from './assigned-value.ts';

export class Runs {
  readonly #run = /[^\s&;,"'`<>\\]*/y;
  /** The run that was read last, and its end without what a sentence puts behind it. */
  #from = 0;
  #end = 0;
  #to = 0;
  /** Its last digit or sign; undefined where nobody asked. */
  #lastSign: number | undefined;

  /** Before another text. */
  reset(): void {
    this.#from = 0;
    this.#end = 0;
  }

  /** Where the value ends that begins at `at`. */
  endAt(text: string, at: number): number {
    if (at < this.#from || at >= this.#end) {
      this.#read(text, at);
    }
    return Math.max(at, this.#to);
  }

  /** looksSecret() of that value. */
  looksSecretAt(text: string, at: number): boolean {
    const to = this.endAt(text, at);
    this.#lastSign ??= this.#findLastSign(text, at);
    urlOrCall.lastIndex = at;
    return to - at >= leastSecretLength && this.#lastSign >= at && !urlOrCall.test(text);
  }

  #read(text: string, at: number): void {
    this.#run.lastIndex = at;
    this.#run.test(text);
    this.#from = at;
    this.#end = this.#run.lastIndex;
    this.#lastSign = undefined;
    let to = this.#end;
    while (to > at && isClosing(text.charCodeAt(to - 1))) to--;
    this.#to = to;
  }

  #findLastSign(text: string, at: number): number {
    let last = this.#to - 1;
    while (last >= at && !secretSign.test(text.charAt(last))) last--;
    return last;
  }
}
