// Reads the protobuf wire format: tags, varints, fixed numbers, and length-delimited fields.

import { isUtf8 } from 'node:buffer';

/** The bytes are no protobuf of the expected shape. */
export class WireError extends Error {
  override name = 'WireError';
}

const wireType = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

export class Reader {
  readonly buffer: Buffer;
  position = 0;
  /** How many arrays and maps are open. */
  depth = 0;
  /** How many texts were not valid UTF-8 so far. */
  invalidTexts = 0;

  constructor(bytes: Uint8Array) {
    this.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The next tag: field number * 8 + wire type. */
  tag(end: number): number {
    const tag = this.varint(end);
    if (tag < 8) throw new WireError(`proto: illegal tag ${tag}`);
    return tag;
  }

  /** A varint whose value fits a double: tags, lengths, enumerations, 32-bit numbers. */
  varint(end: number): number {
    const value = this.varint64(end);
    return typeof value === 'number' ? value : Number(BigInt.asUintN(32, value));
  }

  /** A varint as signed 64 bits: a number where that is exact, else a bigint. */
  varint64(end: number): number | bigint {
    let low = 0;
    let factor = 1;
    for (let count = 0; count < 7; count++) {
      const byte = this.#byte(end);
      low += (byte & 0x7f) * factor;
      if (byte < 0x80) return low;
      factor *= 128;
    }
    let high = 0n;
    for (let shift = 49n; shift < 70n; shift += 7n) {
      const byte = this.#byte(end);
      high |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return exact(BigInt.asIntN(64, high | BigInt(low)));
    }
    throw new WireError('proto: integer overflow');
  }

  fixed64(end: number): bigint {
    return this.buffer.readBigUInt64LE(this.#advance(8, end));
  }

  double(end: number): number {
    return this.buffer.readDoubleLE(this.#advance(8, end));
  }

  fixed32(end: number): number {
    return this.buffer.readUInt32LE(this.#advance(4, end));
  }

  /** The end of the length-delimited field that begins here; the position is its first byte. */
  enter(end: number): number {
    const length = this.varint(end);
    const start = this.position;
    this.#advance(length, end);
    this.position = start;
    return start + length;
  }

  bytes(end: number): Buffer {
    const last = this.enter(end);
    const part = this.buffer.subarray(this.position, last);
    this.position = last;
    return part;
  }

  text(end: number): string {
    const last = this.enter(end);
    const text = this.buffer.toString('utf8', this.position, last);
    if (text.includes('\ufffd') && !isUtf8(this.buffer.subarray(this.position, last))) {
      this.invalidTexts++;
    }
    this.position = last;
    return text;
  }

  /** Passes over a field nobody reads; `known` are the fields whose wire type must have been wrong. */
  skip(tag: number, end: number, known: readonly number[]): void {
    const type = tag % 8;
    const field = (tag - type) / 8;
    if (known.includes(field)) {
      throw new WireError(`proto: wrong wireType = ${type} for field ${field}`);
    }
    if (type === wireType.varint) this.varint64(end);
    else if (type === wireType.fixed64) this.#advance(8, end);
    else if (type === wireType.bytes) this.position = this.enter(end);
    else if (type === wireType.fixed32) this.#advance(4, end);
    else throw new WireError(`proto: illegal wireType ${type}`);
  }

  #byte(end: number): number {
    if (this.position >= end) throw new WireError('unexpected EOF');
    return this.buffer[this.position++] ?? 0;
  }

  #advance(length: number, end: number): number {
    const start = this.position;
    if (length > end - start) throw new WireError('unexpected EOF');
    this.position = start + length;
    return start;
  }
}

function exact(value: bigint): number | bigint {
  const near = Number(value);
  return Number.isSafeInteger(near) ? near : value;
}
