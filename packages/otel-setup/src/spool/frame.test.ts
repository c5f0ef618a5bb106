import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import {
  findFrame,
  frameHeaderBytes,
  isPayloadWhole,
  maxPayloadBytes,
  readFrameHeader,
  sealFrame,
} from './frame.ts';

const payloads = fc.uint8Array({ maxLength: 2_000 });
const seqs = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const flags = fc.integer({ min: 0, max: 0xffff });

function frame(payload: Uint8Array, seq: number, flag: number): Buffer {
  const bytes = Buffer.alloc(frameHeaderBytes + payload.length);
  bytes.set(payload, frameHeaderBytes);
  sealFrame(bytes, 0, payload, seq, flag);
  return bytes;
}

test('a frame reads back what was sealed', () => {
  fc.assert(
    fc.property(payloads, seqs, flags, (payload, seq, flag) => {
      const bytes = frame(payload, seq, flag);
      assert.deepEqual(readFrameHeader(bytes, 0), { length: payload.length, seq, flags: flag });
      assert.ok(isPayloadWhole(bytes, 0, payload.length));
    }),
  );
});

test('a frame has each field where the format says, checksums by the rule of CRC-32', () => {
  fc.assert(
    fc.property(payloads, seqs, flags, (payload, seq, flag) => {
      const bytes = frame(payload, seq, flag);
      assert.equal(bytes.toString('latin1', 0, 4), 'OFRM');
      assert.equal(bytes.readUInt32LE(4), payload.length);
      assert.equal(bytes.readBigUInt64LE(12), BigInt(seq));
      assert.equal(bytes.readUInt16LE(20), flag);
      const covered = Buffer.concat([bytes.subarray(4, 8), bytes.subarray(12, 22), payload]);
      assert.equal(bytes.readUInt32LE(8), crc32(covered));
      assert.equal(bytes.readUInt16LE(22), crc32(bytes.subarray(0, 22)) & 0xffff);
    }),
  );
});

test('a frame with one flipped bit is not accepted', () => {
  const all = fc.tuple(payloads, seqs, flags, fc.nat());
  fc.assert(
    fc.property(all, ([payload, seq, flag, bit]) => {
      const bytes = frame(payload, seq, flag);
      const at = bit % (bytes.length * 8);
      bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (1 << (at & 7));
      const header = readFrameHeader(bytes, 0);
      const isAccepted =
        header?.length === payload.length && isPayloadWhole(bytes, 0, header.length);
      assert.equal(isAccepted, false);
    }),
    { numRuns: 500 },
  );
});

test('a header that claims more than a frame may hold is not believed', () => {
  const bytes = frame(new Uint8Array(maxPayloadBytes + 1), 1, 0);
  assert.equal(readFrameHeader(bytes, 0), undefined);
});

test('the search finds the next frame, and none whose header would be cut off', () => {
  const bytes = Buffer.concat([Buffer.from('OFR garbage'), frame(Buffer.from('x'), 7, 0)]);
  assert.equal(findFrame(bytes, 0, bytes.length), 11);
  assert.equal(findFrame(bytes, 12, bytes.length), -1);
  assert.equal(findFrame(bytes, 0, 11 + frameHeaderBytes - 1), -1);
});
