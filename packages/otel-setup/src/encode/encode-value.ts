// Hot path: runs on the caller's thread for every attribute.
// AnyValue and KeyValue of opentelemetry/proto/common/v1/common.proto.

import type { AnyValue } from '../record/log-record.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

const minInt64 = -(2 ** 63);
const maxInt64 = 2 ** 63;
const maxRememberedKeys = 4_096;

/** Encoded keys (field 1 of KeyValue) of attributes seen before. */
export class KeyPrefixes {
  readonly #known = new Map<string, Uint8Array>();

  get(key: string): Uint8Array {
    const found = this.#known.get(key);
    if (found !== undefined) {
      return found;
    }
    const writer = new ProtobufWriter();
    writer.byte(0x0a);
    writer.text(key);
    const prefix = writer.copyFrom(0);
    if (this.#known.size < maxRememberedKeys) {
      this.#known.set(key, prefix);
    }
    return prefix;
  }
}

/** Prefix and value together: what fits one byte of length for all that encloses it. */
const oneByteLength = 128;
const maxShortText = 64;

/** A KeyValue behind `tag`. */
export function encodeKeyValue(
  writer: ProtobufWriter,
  tag: number,
  prefix: Uint8Array,
  value: AnyValue,
): void {
  writer.reserve(prefix.length + maxShortText + 32);
  if (encodeShort(writer, tag, prefix, value)) {
    return;
  }
  writer.byte(tag);
  const start = writer.open();
  writer.prefix(prefix);
  writer.byte(0x12);
  const valueStart = writer.open();
  encodeValue(writer, value);
  writer.close(valueStart);
  writer.close(start);
}

/** The common case in one pass: a short ASCII text, a small number or a boolean under a short key. */
function encodeShort(
  writer: ProtobufWriter,
  tag: number,
  prefix: Uint8Array,
  value: AnyValue,
): boolean {
  switch (typeof value) {
    case 'string':
      return (
        value.length <= maxShortText &&
        prefix.length + value.length + 4 < oneByteLength &&
        writer.shortTextField(tag, prefix, value)
      );
    case 'number':
      return prefix.length + 11 < oneByteLength && encodeShortNumber(writer, tag, prefix, value);
    case 'boolean':
      if (prefix.length + 4 >= oneByteLength) {
        return false;
      }
      writer.fieldHeader(tag, prefix, 2);
      writer.byte(0x10);
      writer.byte(value ? 1 : 0);
      return true;
    default:
      return false;
  }
}

function encodeShortNumber(
  writer: ProtobufWriter,
  tag: number,
  prefix: Uint8Array,
  value: number,
): boolean {
  if (!Number.isInteger(value)) {
    writer.fieldHeader(tag, prefix, 9);
    writer.byte(0x21);
    writer.double(value);
    return true;
  }
  if (value < 0 || value >= 0x80000000 || Object.is(value, -0)) {
    return false;
  }
  writer.smallIntegerField(tag, prefix, value);
  return true;
}

/** The fields of an AnyValue, without tag and length of its own. */
export function encodeValue(writer: ProtobufWriter, value: AnyValue): void {
  switch (typeof value) {
    case 'string':
      writer.reserve(1);
      writer.byte(0x0a);
      writer.text(value);
      return;
    case 'boolean':
      writer.reserve(2);
      writer.byte(0x10);
      writer.byte(value ? 1 : 0);
      return;
    case 'number':
      encodeNumber(writer, value);
      return;
    case 'object':
      encodeObject(writer, value);
  }
}

function encodeNumber(writer: ProtobufWriter, value: number): void {
  writer.reserve(11);
  const isInt64 = Number.isInteger(value) && value >= minInt64 && value < maxInt64;
  // -0 is an integer to JavaScript, but int64 has no sign for it.
  if (isInt64 && !Object.is(value, -0)) {
    writer.byte(0x18);
    writer.int64(value);
  } else {
    writer.byte(0x21);
    writer.double(value);
  }
}

function encodeObject(
  writer: ProtobufWriter,
  value: Exclude<AnyValue, string | number | boolean | undefined>,
): void {
  if (value === null) {
    return;
  }
  writer.reserve(8);
  if (value instanceof Uint8Array) {
    writer.byte(0x3a);
    writer.reserve(value.length + 8);
    writer.varint(value.length);
    writer.raw(value);
    return;
  }
  if (Array.isArray(value)) {
    encodeArray(writer, value);
    return;
  }
  writer.byte(0x32);
  const start = writer.open();
  for (const [key, field] of Object.entries(value)) {
    writer.reserve(8);
    writer.byte(0x0a);
    const entryStart = writer.open();
    writer.byte(0x0a);
    writer.text(key);
    writer.reserve(8);
    writer.byte(0x12);
    const fieldStart = writer.open();
    encodeValue(writer, field);
    writer.close(fieldStart);
    writer.close(entryStart);
  }
  writer.close(start);
}

function encodeArray(writer: ProtobufWriter, items: readonly AnyValue[]): void {
  writer.byte(0x2a);
  const start = writer.open();
  for (const item of items) {
    writer.reserve(8);
    writer.byte(0x0a);
    const itemStart = writer.open();
    encodeValue(writer, item);
    writer.close(itemStart);
  }
  writer.close(start);
}
