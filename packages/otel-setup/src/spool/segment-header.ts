// The first 64 bytes of a segment, all numbers little-endian.
//
//    0  4 bytes  magic     "OTLS"
//    4  u16      version   1
//    6  u16      flags     bit 0: a gap in seq within or directly before this segment is records that
//                          could only be kept in memory (the disk was full), not damage
//    8  16 bytes uuid      one per directory, random
//   24  u64      first     seq of the first record
//   32  u64      created   ms since the epoch
//   40  u64      number    of the segment, as in the file's name; 0: not said
//   48  12 bytes zero
//   60  u32      crc32     over bytes 0-59

import { crc32 } from 'node:zlib';
import { readU64, writeU64 } from './u64.ts';

export const segmentHeaderBytes = 64;
export const formatVersion = 1;

const magic = 0x534c544f;
const lossyFlag = 1;

export interface SegmentHeader {
  readonly version: number;
  readonly lossy: boolean;
  readonly uuid: Uint8Array;
  readonly first: number;
  readonly createdMs: number;
  readonly number: number;
}

export function writeSegmentHeader(bytes: Buffer, header: Omit<SegmentHeader, 'version'>): void {
  bytes.fill(0, 0, segmentHeaderBytes);
  bytes.writeUInt32LE(magic, 0);
  bytes.writeUInt16LE(formatVersion, 4);
  bytes.writeUInt16LE(header.lossy ? lossyFlag : 0, 6);
  bytes.set(header.uuid, 8);
  writeU64(bytes, header.first, 24);
  writeU64(bytes, Math.max(0, Math.floor(header.createdMs)), 32);
  writeU64(bytes, header.number, 40);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 60)), 60);
}

/**
 * Undefined when it is damaged, or another segment's: a file gets its next name before its next header, and a power
 * cut may keep either of the two.
 */
export function readSegmentHeader(
  bytes: Buffer,
  length: number,
  expected: number,
): SegmentHeader | undefined {
  if (length < segmentHeaderBytes || bytes.readUInt32LE(0) !== magic) return undefined;
  if (crc32(bytes.subarray(0, 60)) !== bytes.readUInt32LE(60)) return undefined;
  const first = readU64(bytes, 24);
  const createdMs = readU64(bytes, 32);
  const number = readU64(bytes, 40);
  if (first === undefined || createdMs === undefined) return undefined;
  if (number !== 0 && number !== expected) return undefined;
  return {
    version: bytes.readUInt16LE(4),
    lossy: (bytes.readUInt16LE(6) & lossyFlag) !== 0,
    uuid: Uint8Array.from(bytes.subarray(8, 24)),
    first,
    createdMs,
    number: expected,
  };
}
