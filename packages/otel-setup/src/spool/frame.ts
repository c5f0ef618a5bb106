// One frame of a segment: a header of 24 bytes and its payload, all numbers little-endian.
// Hot path: sealFrame runs on the caller's thread for every record.
//
//    0  u32  magic      0x4d52464f ("OFRM")
//    4  u32  len        bytes of the payload
//    8  u32  crc32      over len, seq, flags (bytes 4-7, 12-21) and the payload, in this order
//   12  u64  seq        rises by 1 per directory, from 1; 0 in a definition
//   20  u16  flags      bit 15: a definition; bits 0-14: the definition's number within its segment
//   22  u16  headerCrc  the low 16 bits of CRC-32 over bytes 0-21
//   24  ...  payload    a LogRecord without tag and length; or a definition:
//                       u32 length of the resource | resource | scope
//
// A definition stands in each segment before the first record that names it.

import { crc32 } from 'node:zlib';
import { runCrc } from './crc.ts';
import { readU64 } from './u64.ts';

const frameMagic = 0x4d52464f;
export const frameHeaderBytes = 24;
/** Records end at 256 KiB; the rest is room for what surrounds the longest line. */
export const maxPayloadBytes: number = 512 * 1024;
export const definitionFlag = 0x8000;
export const maxDefinitionNumber = 0x7fff;

const magicBytes = Buffer.from([0x4f, 0x46, 0x52, 0x4d]);
const magicState = runCrc(-1, magicBytes, 0, 4);

function put32(bytes: Buffer, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

/** Writes the header of a frame of `frameBytes` at `at`, whose payload stands there already. */
export function sealFrame(
  bytes: Buffer,
  at: number,
  frameBytes: number,
  seq: number,
  flags: number,
): void {
  put32(bytes, at, frameMagic);
  put32(bytes, at + 4, frameBytes - frameHeaderBytes);
  put32(bytes, at + 12, seq >>> 0);
  put32(bytes, at + 16, Math.floor(seq / 0x1_0000_0000));
  bytes[at + 20] = flags;
  bytes[at + 21] = flags >>> 8;
  const payload = bytes.subarray(at + frameHeaderBytes, at + frameBytes);
  put32(bytes, at + 8, crc32(payload, seed(bytes, at)));
  const headerCrc = headerCrcOf(bytes, at);
  bytes[at + 22] = headerCrc;
  bytes[at + 23] = headerCrc >>> 8;
}

function seed(bytes: Buffer, at: number): number {
  return ~runCrc(runCrc(-1, bytes, at + 4, at + 8), bytes, at + 12, at + 22) >>> 0;
}

function headerCrcOf(bytes: Buffer, at: number): number {
  return ~runCrc(magicState, bytes, at + 4, at + 22) & 0xffff;
}

export interface FrameHeader {
  readonly length: number;
  readonly seq: number;
  readonly flags: number;
}

/** The header at `at`, if it is whole; its payload may reach beyond the end of what was read. */
export function readFrameHeader(bytes: Buffer, at: number): FrameHeader | undefined {
  if (bytes.readUInt32LE(at) !== frameMagic) return undefined;
  if (bytes.readUInt16LE(at + 22) !== headerCrcOf(bytes, at)) return undefined;
  const length = bytes.readUInt32LE(at + 4);
  const seq = readU64(bytes, at + 12);
  if (length > maxPayloadBytes || seq === undefined) return undefined;
  return { length, seq, flags: bytes.readUInt16LE(at + 20) };
}

export function isPayloadWhole(bytes: Buffer, at: number, length: number): boolean {
  const payload = bytes.subarray(at + frameHeaderBytes, at + frameHeaderBytes + length);
  return crc32(payload, seed(bytes, at)) === bytes.readUInt32LE(at + 8);
}

/** Where the next header may stand at or after `from`, or -1. */
export function findFrame(bytes: Buffer, from: number, end: number): number {
  const at = bytes.indexOf(magicBytes, from);
  return at >= 0 && at + frameHeaderBytes <= end ? at : -1;
}
