// A shortened, marked copy of one stored LogRecord, for a server that takes none so large.

import { cutValue } from '../record/cut-value.ts';
import { truncatedKey } from '../record/fit-record.ts';
import { encodeKeyValue, encodeValue, KeyPrefixes } from './encode-value.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

interface Field {
  readonly tag: number;
  /** Of the whole field, tag included. */
  readonly start: number;
  readonly contentStart: number;
  readonly end: number;
}

const bodyTag = 0x2a;
const attributeTag = 0x32;
const markBytes = 64;

/**
 * The record within `maxBytes`: a text body keeps its beginning and its end; if that is not enough,
 * attributes go from the largest on. Undefined when the bytes are no LogRecord or nothing helps.
 */
export function truncateRecord(payload: Uint8Array, maxBytes: number): Uint8Array | undefined {
  const fields = readFields(payload);
  if (fields === undefined) {
    return undefined;
  }
  const kept = dropAttributes(fields, maxBytes - markBytes);
  const body = kept.find((field) => field.tag === bodyTag);
  const others = kept.reduce(
    (sum, field) => sum + (field === body ? 0 : field.end - field.start),
    0,
  );
  const room = maxBytes - others - markBytes;
  if (room < 0) {
    return undefined;
  }
  const writer = new ProtobufWriter();
  for (const field of kept) {
    if (field === body) {
      writeBody(writer, payload, field, room);
    } else {
      writer.raw(payload.subarray(field.start, field.end));
    }
  }
  writer.reserve(markBytes);
  encodeKeyValue(writer, attributeTag, new KeyPrefixes().get(truncatedKey), 'server limit');
  return writer.copyFrom(0);
}

/** The largest attributes leave until the rest, with a little of the body, fits. */
function dropAttributes(fields: readonly Field[], maxBytes: number): readonly Field[] {
  const attributes = fields
    .filter((field) => field.tag === attributeTag)
    .sort((a, b) => b.end - b.start - (a.end - a.start));
  const gone = new Set<Field>();
  const target = maxBytes - 256;
  let size = fields.reduce((sum, f) => sum + (f.tag === bodyTag ? 0 : f.end - f.start), 0);
  for (const field of attributes) {
    if (size <= target) {
      break;
    }
    gone.add(field);
    size -= field.end - field.start;
  }
  return fields.filter((field) => !gone.has(field));
}

function writeBody(writer: ProtobufWriter, payload: Uint8Array, field: Field, room: number): void {
  const value = readFields(payload.subarray(field.contentStart, field.end))?.[0];
  const whole = field.end - field.start;
  if (whole <= room || value === undefined) {
    writer.raw(payload.subarray(field.start, field.end));
    return;
  }
  const content = payload.subarray(
    field.contentStart + value.contentStart,
    field.contentStart + value.end,
  );
  const text = value.tag === 0x0a ? Buffer.from(content).toString('utf8') : '[cut]';
  writer.reserve(8);
  writer.byte(bodyTag);
  const start = writer.open();
  encodeValue(writer, cutValue(text, Math.max(0, room - 16)));
  writer.close(start);
}

function readFields(bytes: Uint8Array): Field[] | undefined {
  const fields: Field[] = [];
  let at = 0;
  while (at < bytes.length) {
    const start = at;
    const tag = bytes[at++] as number;
    const wire = tag & 7;
    let contentStart = at;
    if (wire === 1) {
      at += 8;
    } else if (wire === 5) {
      at += 4;
    } else {
      const number = readVarint(bytes, at);
      contentStart = number.next;
      at = wire === 2 ? number.next + number.value : number.next;
    }
    if (at > bytes.length || wire === 3 || wire === 4) {
      return undefined;
    }
    fields.push({ tag, start, contentStart, end: at });
  }
  return fields;
}

function readVarint(bytes: Uint8Array, start: number): { value: number; next: number } {
  let value = 0;
  let scale = 1;
  let at = start;
  while (at < bytes.length) {
    const byte = bytes[at++] as number;
    value += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte < 128) {
      return { value, next: at };
    }
  }
  return { value: Number.POSITIVE_INFINITY, next: at };
}
