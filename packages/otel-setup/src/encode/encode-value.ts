// Hot path: runs on the caller's thread for every attribute.
// AnyValue and KeyValue of opentelemetry/proto/common/v1/common.proto.

import type { EncodedKey } from '../record/attribute-name.ts';
import type { AnyValue } from '../record/log-record.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import { putShortAttribute, shortAttributeBytes } from './short-attribute.ts';

const minInt64 = -(2 ** 63);
const maxInt64 = 2 ** 63;
const maxRememberedKeys = 4_096;

/** Encoded keys of attributes seen before. */
export class KeyPrefixes {
  readonly #known = new Map<string, EncodedKey>();

  get(key: string): EncodedKey {
    const found = this.#known.get(key);
    if (found !== undefined) {
      return found;
    }
    const encoded = encodeKey(key);
    if (this.#known.size < maxRememberedKeys) {
      this.#known.set(key, encoded);
    }
    return encoded;
  }
}

function encodeKey(key: string): EncodedKey {
  const writer = new ProtobufWriter();
  writer.byte(0x0a);
  writer.text(key);
  const length = writer.position;
  writer.reserve(4);
  writer.fixed32(0);
  const words = new Int32Array(Math.ceil(length / 4));
  for (let i = 0; i < words.length; i++) {
    words[i] = writer.view.getInt32(i * 4, true);
  }
  return { length, words };
}

/** A KeyValue behind `tag`. */
export function encodeKeyValue(
  writer: ProtobufWriter,
  tag: number,
  key: EncodedKey,
  value: AnyValue,
): void {
  writer.reserve(shortAttributeBytes);
  const { bytes, position, view } = writer;
  const end = putShortAttribute(bytes, view, position, tag, key, value);
  if (end >= 0) {
    writer.position = end;
    return;
  }
  writer.byte(tag);
  const start = writer.open();
  writer.words(key.words, key.length);
  writer.byte(0x12);
  const valueStart = writer.open();
  encodeValue(writer, value);
  writer.close(valueStart);
  writer.close(start);
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
