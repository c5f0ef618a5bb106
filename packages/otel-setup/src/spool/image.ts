// A segment as it stands in memory, byte for byte the file (a ring's frames get their headers when they go to
// disk), with a column for everything a batch needs to know about its records. Hot path: push runs on the caller's thread for every record.

import type { KnownDefinition } from './definition-table.ts';
import { frameHeaderBytes, sealFrame } from './frame.ts';
import { segmentHeaderBytes } from './segment-header.ts';

const smallestBuffer = 64 * 1024;
const smallestColumns = 256;

export class Image {
  buffer: Buffer;
  /** Bytes in use, header included: the file's length. */
  used: number = segmentHeaderBytes;
  count = 0;
  starts: Uint32Array = new Uint32Array(smallestColumns);
  ends: Uint32Array = new Uint32Array(smallestColumns);
  seqs: Float64Array = new Float64Array(smallestColumns);
  /** Monotonic ms of the append; meaningless in what was read back. */
  times: Float64Array = new Float64Array(smallestColumns);
  /** Of each record, the number of its definition in this segment. */
  definitionNumbers: Uint16Array = new Uint16Array(smallestColumns);
  /** By number. */
  definitions: KnownDefinition[] = [];
  /** By the definition's id, its number here. */
  numbers: (number | undefined)[] = [];

  constructor(bytes: number) {
    this.buffer = Buffer.allocUnsafeSlow(bytes);
  }

  reset(): void {
    this.used = segmentHeaderBytes;
    this.count = 0;
    this.definitions = [];
    this.numbers = [];
  }

  push(start: number, end: number, seq: number, definitionNumber: number, time: number): void {
    const index = this.count;
    if (index === this.starts.length) this.#growColumns();
    this.starts[index] = start;
    this.ends[index] = end;
    this.seqs[index] = seq;
    this.times[index] = time;
    this.definitionNumbers[index] = definitionNumber;
    this.count = index + 1;
    this.used = end;
  }

  addDefinition(definition: KnownDefinition): number {
    const number = this.definitions.length;
    this.definitions.push(definition);
    this.numbers[definition.id] = number;
    return number;
  }

  /** Gives each record its frame's header, which the ring goes without. */
  seal(): void {
    for (let index = 0; index < this.count; index++) {
      const start = this.starts[index] ?? 0;
      const payload = this.buffer.subarray(start, this.ends[index]);
      const number = this.definitionNumbers[index] ?? 0;
      sealFrame(this.buffer, start - frameHeaderBytes, payload, this.seqs[index] ?? 0, number);
    }
  }

  /** Index of the first record after `seq`; `count` when there is none. */
  indexAfter(seq: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.seqs[middle] ?? 0) <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Makes room up to `bytes`. A batch that was taken keeps the memory it was taken from. */
  growTo(bytes: number): void {
    if (bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(bytes);
    larger.set(this.buffer.subarray(0, this.used));
    this.buffer = larger;
  }

  #growColumns(): void {
    const length = this.starts.length * 2;
    const starts = grown(this.starts, new Uint32Array(length));
    const ends = grown(this.ends, new Uint32Array(length));
    const seqs = grown(this.seqs, new Float64Array(length));
    const times = grown(this.times, new Float64Array(length));
    const numbers = grown(this.definitionNumbers, new Uint16Array(length));
    // All or none: an exhausted stack may cut off each of the calls above.
    this.starts = starts;
    this.ends = ends;
    this.seqs = seqs;
    this.times = times;
    this.definitionNumbers = numbers;
  }
}

function grown<Column extends Uint16Array | Uint32Array | Float64Array>(
  from: Column,
  to: Column,
): Column {
  to.set(from);
  return to;
}

/** Settled images to be used again: a steady flow allocates nothing. */
export class ImagePool {
  readonly #spare: Image[] = [];

  /** An empty image of at least `bytes`, or, with `small`, one that grows on demand. */
  take(bytes: number, small: boolean): Image {
    const spare = this.#spare.pop();
    if (spare === undefined) return new Image(small ? Math.min(smallestBuffer, bytes) : bytes);
    spare.reset();
    if (!small) spare.growTo(bytes);
    return spare;
  }

  give(image: Image): void {
    if (this.#spare.length < 2 && image.buffer.length >= smallestBuffer) this.#spare.push(image);
  }
}
