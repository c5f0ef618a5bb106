// Hot path: runs on the caller's thread for every attribute.
// The common attribute in one pass: a short ASCII text, a small number or a boolean under a short key. The state is in
// locals, and a key is copied four bytes at a time: byte by byte through a writer's fields took twice as long (measured).

import type { EncodedKey } from '../record/attribute-name.ts';
import type { AnyValue } from '../record/log-record.ts';

const maxKeyBytes = 59;
const maxTextLength = 64;

/** Room that a caller leaves behind the position. */
export const shortAttributeBytes: number = 2 + maxKeyBytes + 8 + maxTextLength;

/** Writes a KeyValue at `at`, behind `tag`. The place behind it; -1 for what is not short, or no ASCII. */
export function putShortAttribute(
  bytes: Buffer,
  view: DataView,
  at: number,
  tag: number,
  key: EncodedKey,
  value: AnyValue,
): number {
  if (key.length > maxKeyBytes) return -1;
  switch (typeof value) {
    case 'string': {
      const { length } = value;
      if (length > maxTextLength) return -1;
      const start = putHeader(view, at, tag, key, length + 2);
      view.setInt16(start, 0x0a | (length << 8), true);
      let to = start + 2;
      for (let i = 0; i < length; i++) {
        const code = value.charCodeAt(i);
        if (code > 127) return -1;
        bytes[to++] = code;
      }
      return to;
    }
    case 'number':
      return putNumber(view, at, tag, key, value);
    case 'boolean': {
      const start = putHeader(view, at, tag, key, 2);
      view.setInt16(start, 0x10 | (value ? 0x100 : 0), true);
      return start + 2;
    }
    default:
      return -1;
  }
}

function putNumber(
  view: DataView,
  at: number,
  tag: number,
  key: EncodedKey,
  value: number,
): number {
  if (!Number.isInteger(value)) {
    const start = putHeader(view, at, tag, key, 9);
    view.setInt8(start, 0x21);
    view.setFloat64(start + 1, value, true);
    return start + 9;
  }
  // -0 is an integer to JavaScript, but int64 has no sign for it.
  if (value < 0 || value >= 0x80000000 || Object.is(value, -0)) return -1;
  const start = putHeader(view, at, tag, key, 1 + smallVarintBytes(value));
  view.setInt8(start, 0x18);
  return putSmallVarint(view, start + 1, value);
}

/** Tag, length, key, and the header of a value of so many bytes. */
function putHeader(
  view: DataView,
  at: number,
  tag: number,
  key: EncodedKey,
  valueBytes: number,
): number {
  const { length, words } = key;
  view.setInt16(at, tag | ((length + 2 + valueBytes) << 8), true);
  let to = at + 2;
  // Four bytes at a time; what the last of them are too many is written over next.
  for (let i = 0; i < words.length; i++) {
    view.setInt32(to, words[i] as number, true);
    to += 4;
  }
  const end = at + 2 + length;
  view.setInt16(end, 0x12 | (valueBytes << 8), true);
  return end + 2;
}

/** Of 0 <= value < 2^31. */
function smallVarintBytes(value: number): number {
  if (value < 0x4000) return value < 0x80 ? 1 : 2;
  if (value < 0x200000) return 3;
  return value < 0x10000000 ? 4 : 5;
}

function putSmallVarint(view: DataView, start: number, value: number): number {
  let at = start;
  let rest = value;
  while (rest > 127) {
    view.setUint8(at++, (rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  view.setUint8(at, rest);
  return at + 1;
}
