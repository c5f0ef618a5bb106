// Reads the fields of one protobuf message in place; enough for answers and for stored records.

/** Called per field: for wire type 2 `value` is the length; `start..end` are the bytes of the value. */
export type FieldVisitor = (
  field: number,
  wire: number,
  value: number,
  start: number,
  end: number,
) => void;

interface Varint {
  readonly value: number;
  readonly end: number;
}

/** Visits each field; false where the bytes are no well-formed message. Numbers above 2^53 lose digits. */
export function readFields(
  bytes: Uint8Array,
  start: number,
  end: number,
  visit: FieldVisitor,
): boolean {
  let at = start;
  while (at < end) {
    const tag = readVarint(bytes, at, end);
    if (tag === undefined || tag.value < 8 || tag.value > 0xffff_ffff) return false;
    const wire = tag.value % 8;
    const field = Math.floor(tag.value / 8);
    const first = readVarint(bytes, tag.end, end);
    const valueStart = wire === 2 && first !== undefined ? first.end : tag.end;
    const length = valueLength(wire, first, tag.end);
    if (length === undefined || valueStart + length > end) return false;
    visit(field, wire, first?.value ?? 0, valueStart, valueStart + length);
    at = valueStart + length;
  }
  return at === end;
}

function valueLength(wire: number, varint: Varint | undefined, tagEnd: number): number | undefined {
  if (wire === 1) return 8;
  if (wire === 5) return 4;
  if (varint === undefined) return undefined;
  if (wire === 0) return varint.end - tagEnd;
  return wire === 2 ? varint.value : undefined;
}

function readVarint(bytes: Uint8Array, start: number, end: number): Varint | undefined {
  let value = 0;
  let factor = 1;
  for (let at = start; at < end && at < start + 10; at += 1) {
    const byte = bytes[at] ?? 0;
    value += (byte % 128) * factor;
    if (byte < 128) return { value, end: at + 1 };
    factor *= 128;
  }
  return undefined;
}
