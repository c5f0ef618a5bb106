// Hot path: runs on the caller's thread for every record.
// Protobuf's wire format into one growing buffer (https://protobuf.dev/programming-guides/encoding/).

const initialBytes = 16_384;
const shortText = 48;

export class ProtobufWriter {
  bytes: Buffer = Buffer.allocUnsafeSlow(initialBytes);
  /** Of the same memory. */
  view: DataView = viewOf(this.bytes);
  position = 0;

  /** Room for `count` more bytes; every write below relies on its caller's call of this. */
  reserve(count: number): void {
    const needed = this.position + count;
    if (needed > this.bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2));
      this.bytes.copy(larger, 0, 0, this.position);
      this.bytes = larger;
      this.view = viewOf(larger);
    }
  }

  byte(value: number): void {
    this.bytes[this.position++] = value;
  }

  /** An unsigned number below 2^53. */
  varint(value: number): void {
    const { bytes } = this;
    let rest = value;
    while (rest > 0x7fffffff) {
      bytes[this.position++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    while (rest > 127) {
      bytes[this.position++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    bytes[this.position++] = rest;
  }

  /** An int64: negatives take ten bytes. */
  int64(value: number): void {
    if (value >= 0 && value <= Number.MAX_SAFE_INTEGER) {
      this.varint(value);
      return;
    }
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest > 127n) {
      this.bytes[this.position++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.bytes[this.position++] = Number(rest);
  }

  double(value: number): void {
    this.view.setFloat64(this.position, value, true);
    this.position += 8;
  }

  fixed32(value: number): void {
    this.view.setUint32(this.position, value, true);
    this.position += 4;
  }

  raw(source: Uint8Array): void {
    this.reserve(source.length);
    this.bytes.set(source, this.position);
    this.position += source.length;
  }

  /** The first `length` bytes of little-endian words, and room for one more. */
  words(source: Int32Array, length: number): void {
    this.reserve(source.length * 4 + 1);
    for (let i = 0; i < source.length; i++) {
      this.view.setInt32(this.position + i * 4, source[i] as number, true);
    }
    this.position += length;
  }

  /** Length and UTF-8 bytes. */
  text(value: string): void {
    const { length } = value;
    if (length <= shortText && this.#shortText(value)) {
      return;
    }
    const byteLength = Buffer.byteLength(value);
    this.reserve(byteLength + 5);
    this.varint(byteLength);
    if (byteLength === length) {
      this.bytes.write(value, this.position, byteLength, 'latin1');
    } else {
      this.bytes.write(value, this.position, byteLength, 'utf8');
    }
    this.position += byteLength;
  }

  /** Short ASCII, character by character; anything else is left to the caller, nothing written. */
  #shortText(value: string): boolean {
    const { length } = value;
    this.reserve(length + 1);
    const { bytes } = this;
    let at = this.position;
    bytes[at++] = length;
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i);
      if (code > 127) {
        return false;
      }
      bytes[at++] = code;
    }
    this.position = at;
    return true;
  }

  /** Opens a length-delimited field behind its tag; `close` with what this returned. */
  open(): number {
    this.reserve(16);
    return this.position++;
  }

  close(start: number): void {
    const length = this.position - start - 1;
    if (length < 128) {
      this.bytes[start] = length;
      return;
    }
    const extra = varintSize(length) - 1;
    this.reserve(extra);
    this.bytes.copyWithin(start + 1 + extra, start + 1, this.position);
    this.position = start;
    this.varint(length);
    this.position += length;
  }

  /** A copy of what was written since `start`. */
  copyFrom(start: number): Uint8Array {
    return Uint8Array.prototype.slice.call(this.bytes, start, this.position);
  }
}

export function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) {
    size++;
  }
  return size;
}

function viewOf({ buffer, byteLength, byteOffset }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
