// Views of what is to be sealed. The encoder writes to the same place each time, and a view costs 75 ns and some
// garbage: one for each length is kept. Hot path: runs on the caller's thread for every record.

const mostLengths = 2_048;

export class PayloadViews {
  #bytes: Buffer | undefined;
  /** Of `#bytes` from its start, by length. */
  #views: (Uint8Array | undefined)[] = [];

  /** `bytes[start..end)`, not copied. */
  of(bytes: Buffer, start: number, end: number): Uint8Array {
    const length = end - start;
    if (start !== 0 || length >= mostLengths) return bytes.subarray(start, end);
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#views = new Array(mostLengths);
    }
    const known = this.#views[length];
    if (known !== undefined) return known;
    const view = bytes.subarray(0, length);
    this.#views[length] = view;
    return view;
  }
}
