// Reads AnyValue and KeyValue messages into JavaScript values.

import { type AttributeValue, maxDepth, setKey } from './logs.ts';
import { type Reader, WireError } from './wire.ts';

const anyValueFields = [1, 2, 3, 4, 5, 6, 7];

export function readAnyValue(reader: Reader, end: number): AttributeValue {
  let value: AttributeValue = null;
  while (reader.position < end) {
    const tag = reader.tag(end);
    switch (tag) {
      case 0x0a: // string_value = 1
        value = reader.text(end);
        break;
      case 0x10: // bool_value = 2
        value = reader.varint64(end) !== 0;
        break;
      case 0x18: // int_value = 3
        value = reader.varint64(end);
        break;
      case 0x21: // double_value = 4
        value = reader.double(end);
        break;
      case 0x2a: // array_value = 5
        value = nested(reader, () => readArray(reader, reader.enter(end)));
        break;
      case 0x32: // kvlist_value = 6
        value = nested(reader, () => readList(reader, reader.enter(end)));
        break;
      case 0x3a: // bytes_value = 7
        value = new Uint8Array(reader.bytes(end));
        break;
      default:
        reader.skip(tag, end, anyValueFields);
    }
  }
  return value;
}

/** Reads one KeyValue into `target`; a repeated key keeps its last value. */
export function readKeyValue(
  reader: Reader,
  end: number,
  target: Record<string, AttributeValue>,
): string {
  let key = '';
  let value: AttributeValue = null;
  while (reader.position < end) {
    const tag = reader.tag(end);
    if (tag === 0x0a) key = reader.text(end);
    else if (tag === 0x12) value = readAnyValue(reader, reader.enter(end));
    else reader.skip(tag, end, [1, 2]);
  }
  setKey(target, key, value);
  return key;
}

function nested(reader: Reader, read: () => AttributeValue): AttributeValue {
  reader.depth++;
  if (reader.depth > maxDepth) throw new WireError('proto: exceeded max depth');
  const value = read();
  reader.depth--;
  return value;
}

function readArray(reader: Reader, end: number): AttributeValue[] {
  const values: AttributeValue[] = [];
  while (reader.position < end) {
    const tag = reader.tag(end);
    if (tag === 0x0a) values.push(readAnyValue(reader, reader.enter(end)));
    else reader.skip(tag, end, [1]);
  }
  return values;
}

function readList(reader: Reader, end: number): Record<string, AttributeValue> {
  const values: Record<string, AttributeValue> = {};
  while (reader.position < end) {
    const tag = reader.tag(end);
    if (tag === 0x0a) readKeyValue(reader, reader.enter(end), values);
    else reader.skip(tag, end, [1]);
  }
  return values;
}
