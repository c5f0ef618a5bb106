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
// Where the file held something before, and still does behind its newest frame, the u32 0x444e454f ("OEND") stands
// between the two: the next frame takes its place.
//
// A definition stands in each segment before the first record that names it.

import { crc32 } from 'node:zlib';
import { runCrc16, runCrc32 } from './crc.ts';
import { readU64 } from './u64.ts';

const frameMagic = 0x4d52464f;
export const frameHeaderBytes = 24;
/** Records end at 256 KiB; the rest is room for what surrounds the longest line. */
export const maxPayloadBytes: number = 512 * 1024;
export const definitionFlag = 0x8000;
export const maxDefinitionNumber = 0x7fff;

const endMark = 0x444e454f;
export const endMarkBytes = 4;

const magicBytes = Buffer.from([0x4f, 0x46, 0x52, 0x4d]);
const magicState = runCrc32(-1, frameMagic);

function put32(bytes: Buffer, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

/** Writes the header of a frame at `at`; `payload` is what stands behind it, or will. */
export function sealFrame(
  bytes: Buffer,
  at: number,
  payload: Uint8Array,
  seq: number,
  flags: number,
): void {
  const { length } = payload;
  const low = seq >>> 0;
  const high = Math.floor(seq / 0x1_0000_0000);
  const crc = crc32(payload, seed(length, low, high, flags));
  put32(bytes, at, frameMagic);
  put32(bytes, at + 4, length);
  put32(bytes, at + 8, crc);
  put32(bytes, at + 12, low);
  put32(bytes, at + 16, high);
  const headerCrc = headerCrcOf(length, crc, low, high, flags);
  put32(bytes, at + 20, flags | (headerCrc << 16));
}

/** Ends what is to be read, at `at`. */
export function putEndMark(bytes: Buffer, at: number): void {
  put32(bytes, at, endMark);
}

/** Whether what is to be read ends at `at`, where a frame ended before. */
export function isEndMark(bytes: Buffer, at: number, end: number): boolean {
  return at + endMarkBytes <= end && bytes.readUInt32LE(at) === endMark;
}

function seed(length: number, low: number, high: number, flags: number): number {
  const state = runCrc32(runCrc32(runCrc32(-1, length), low), high);
  return ~runCrc16(state, flags) >>> 0;
}

function headerCrcOf(
  length: number,
  crc: number,
  low: number,
  high: number,
  flags: number,
): number {
  const state = runCrc32(runCrc32(runCrc32(runCrc32(magicState, length), crc), low), high);
  return ~runCrc16(state, flags) & 0xffff;
}

export interface FrameHeader {
  readonly length: number;
  readonly seq: number;
  readonly flags: number;
}

/** The header at `at`, if it is whole; its payload may reach beyond the end of what was read. */
export function readFrameHeader(bytes: Buffer, at: number): FrameHeader | undefined {
  if (bytes.readUInt32LE(at) !== frameMagic) return undefined;
  const [length, crc, low, high, flags] = fieldsAt(bytes, at);
  if (bytes.readUInt16LE(at + 22) !== headerCrcOf(length, crc, low, high, flags)) return undefined;
  const seq = readU64(bytes, at + 12);
  if (length > maxPayloadBytes || seq === undefined) return undefined;
  return { length, seq, flags };
}

export function isPayloadWhole(bytes: Buffer, at: number, length: number): boolean {
  const payload = bytes.subarray(at + frameHeaderBytes, at + frameHeaderBytes + length);
  const [stated, crc, low, high, flags] = fieldsAt(bytes, at);
  return crc32(payload, seed(stated, low, high, flags)) === crc;
}

function fieldsAt(bytes: Buffer, at: number): [number, number, number, number, number] {
  return [
    bytes.readUInt32LE(at + 4),
    bytes.readUInt32LE(at + 8),
    bytes.readUInt32LE(at + 12),
    bytes.readUInt32LE(at + 16),
    bytes.readUInt16LE(at + 20),
  ];
}

/** Where the next header may stand at or after `from`, or -1. */
export function findFrame(bytes: Buffer, from: number, end: number): number {
  const at = bytes.indexOf(magicBytes, from);
  return at >= 0 && at + frameHeaderBytes <= end ? at : -1;
}
