// Memory for large requests, used again: what is let go of is freed only when V8 next collects, and a burst
// held 35 MiB of it.

/** Above the largest request that is composed. */
const bufferBytes = 1_048_576;
/** A quiet service sends less and holds nothing. */
const smallBytes = 65_536;
const maxSpare = 2;

export class RequestBuffers {
  readonly #spare: ArrayBufferLike[] = [];

  /** Uninitialised. */
  readonly take = (bytes: number): Buffer => {
    if (bytes < smallBytes || bytes > bufferBytes) {
      return Buffer.allocUnsafe(bytes);
    }
    const memory = this.#spare.pop() ?? Buffer.allocUnsafeSlow(bufferBytes).buffer;
    return Buffer.from(memory, 0, bytes);
  };

  /** Nobody reads `request` any more. One that is not from here is left alone. */
  give({ buffer }: Uint8Array): void {
    if (buffer.byteLength === bufferBytes && this.#spare.length < maxSpare) {
      this.#spare.push(buffer);
    }
  }
}
