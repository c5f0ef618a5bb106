import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnyValue } from '../record/log-record.ts';
import { encodeKeyValue, KeyPrefixes } from './encode-value.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

const values: AnyValue[] = [
  '',
  'x',
  'x'.repeat(64),
  'x'.repeat(65),
  `${'x'.repeat(63)}é`,
  0,
  127,
  128,
  2 ** 31,
  -1,
  0.5,
  true,
  null,
  ['a', 1],
];
const keyLengths = [0, 1, 2, 3, 4, 56, 57, 58, 59, 60, 127, 128, 129, 130, 131, 132, 133, 257];

/** The attribute behind so many bytes, in a buffer that had 16 KiB. */
function encode(key: string, value: AnyValue, position: number): Uint8Array {
  const writer = new ProtobufWriter();
  writer.position = position;
  encodeKeyValue(writer, 0x32, new KeyPrefixes().get(key), value);
  return writer.copyFrom(position);
}

test('an attribute is the same bytes wherever in the buffer it begins, also at its very end', () => {
  const { length } = new ProtobufWriter().bytes;
  for (const keyLength of keyLengths) {
    for (const value of values) {
      const expected = encode('k'.repeat(keyLength), value, 0);
      for (let room = 0; room <= expected.length + 8; room++) {
        assert.deepEqual(encode('k'.repeat(keyLength), value, length - room), expected);
      }
    }
  }
});
