// How long a stored value is as the text that Loki makes of it.

import { readFields } from './proto-reader.ts';

/** One KeyValue: its name as a label and its value as text; a map gives one such pair for each leaf. */
export function attributeBytes(
  bytes: Uint8Array,
  start: number,
  end: number,
  prefix: number = 0,
): number {
  let name = prefix;
  let from = end;
  let to = end;
  readFields(bytes, start, end, (field, wire, _value, at, until) => {
    if (wire !== 2) return;
    if (field === 1) name += labelBytes(bytes, at, until, prefix === 0);
    if (field === 2) [from, to] = [at, until];
  });
  const map = mapBytes(bytes, from, to, name + 1);
  return map ?? name + valueTextBytes(bytes, from, to);
}

// Deeper values come from no encoder of ours.
const longestPrefix = 4096;

/** Undefined where the value is no map. */
function mapBytes(
  bytes: Uint8Array,
  start: number,
  end: number,
  prefix: number,
): number | undefined {
  let sum: number | undefined;
  readFields(bytes, start, end, (field, wire, _value, from, to) => {
    if (field !== 6 || wire !== 2 || prefix > longestPrefix) return;
    sum = 0;
    readFields(bytes, from, to, (inner, _wire, _inner, at, until) => {
      if (inner === 1) sum = (sum ?? 0) + attributeBytes(bytes, at, until, prefix);
    });
  });
  return sum;
}

/** Characters that are no letter and no digit become `_`, runs of them one; a digit in front gets `key_`. */
function labelBytes(bytes: Uint8Array, start: number, end: number, isFirst: boolean): number {
  let length = isFirst && isDigit(bytes[start] ?? 0) ? 4 : 0;
  let wasOther = false;
  for (let at = start; at < end; at += 1) {
    const isOther = !isAlphanumeric(bytes[at] ?? 0);
    if (!isOther || !wasOther) length += 1;
    wasOther = isOther;
  }
  return length;
}

function isAlphanumeric(byte: number): boolean {
  const lower = byte | 0x20;
  return isDigit(byte) || (lower >= 0x61 && lower <= 0x7a);
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** An AnyValue as text: lists and maps as JSON, whose escapes are not counted. */
export function valueTextBytes(
  bytes: Uint8Array,
  start: number,
  end: number,
  isInside: boolean = false,
): number {
  // Outside of a list an empty value is no text, inside it is `null`.
  let size = isInside ? 4 : 0;
  readFields(bytes, start, end, (field, wire, value, from, to) => {
    if (wire === 2) size = lengthText(bytes, field, from, to, isInside ? 2 : 0);
    else size = numberText(bytes, field, value, from, to);
  });
  return size;
}

function numberText(
  bytes: Uint8Array,
  field: number,
  value: number,
  from: number,
  to: number,
): number {
  if (field === 2) return value === 0 ? 5 : 4;
  return field === 3 ? integerDigits(value, bytes, from, to) : doubleDigits(bytes, from);
}

function lengthText(
  bytes: Uint8Array,
  field: number,
  from: number,
  to: number,
  quotes: number,
): number {
  if (field === 1) return to - from + quotes;
  if (field === 7) return Math.ceil((to - from) / 3) * 4 + quotes;
  return listBytes(bytes, from, to, field === 6);
}

/** `value` has lost digits where it is large, as every negative one is: 64 bits without a sign. */
function integerDigits(value: number, bytes: Uint8Array, from: number, to: number): number {
  if (Number.isSafeInteger(value)) return String(value).length;
  let whole = 0n;
  for (let at = to - 1; at >= from; at -= 1)
    whole = (whole << 7n) | BigInt((bytes[at] ?? 0) & 0x7f);
  return String(BigInt.asIntN(64, whole)).length;
}

function doubleDigits(bytes: Uint8Array, at: number): number {
  return String(new DataView(bytes.buffer, bytes.byteOffset + at, 8).getFloat64(0, true)).length;
}

/** `[a,b]`, or `{"a":1,"b":2}`. */
function listBytes(bytes: Uint8Array, start: number, end: number, isMap: boolean): number {
  let size = 1;
  readFields(bytes, start, end, (_field, _wire, _value, from, to) => {
    size += 1 + (isMap ? pairBytes(bytes, from, to) : valueTextBytes(bytes, from, to, true));
  });
  return Math.max(2, size);
}

function pairBytes(bytes: Uint8Array, start: number, end: number): number {
  let name = 0;
  let value = 4;
  readFields(bytes, start, end, (field, _wire, _value, from, to) => {
    if (field === 1) name = to - from;
    if (field === 2) value = valueTextBytes(bytes, from, to, true);
  });
  return name + 3 + value;
}
