// The spool's files as the format describes them: segments of frames, a cursor of two slots. A decoder of its own,
// so that a mistake in the SDK's cannot hide itself.
//
// segment  64 bytes: "OTLS" | u16 version | u16 flags | uuid 16 | u64 first seq | u64 created ms
//          | u64 number or 0 | 12 zero | u32 crc32
// frame    24 bytes: "OFRM" | u32 length | u32 crc32 | u64 seq | u16 flags | u16 header crc | payload
// cursor   slots of 64 bytes at 0 and 4096: "OTLC" | u32 offset | u64 generation | u64 segment | u64 seq
//          | u64 first and u64 last seq of a range that was given up | 12 zero | u32 crc32
// All little-endian. crc32 of a frame covers length, seq, flags and payload; header crc is the low half of
// the crc32 of bytes 0-21.

import { crc32 } from 'node:zlib';

const frameMagic = Buffer.from('OFRM');
const segmentMagic = 'OTLS';
const cursorMagic = 'OTLC';
const frameHeader = 24;
const segmentHeader = 64;

export interface Frame {
  readonly seq: number;
  readonly isDefinition: boolean;
  /** Of a record, its definition; of a definition, itself. */
  readonly definition: number;
  readonly payload: Buffer;
  readonly start: number;
  readonly end: number;
}

export interface SegmentImage {
  /** Undefined where the first 64 bytes are damaged. */
  readonly header: { readonly version: number; readonly first: number } | undefined;
  readonly frames: readonly Frame[];
  /** Bytes that belong to no valid frame. */
  readonly damagedBytes: number;
}

export interface Cursor {
  readonly generation: number;
  readonly segment: number;
  readonly offset: number;
  readonly seq: number;
  readonly gapFrom: number;
  readonly gapTo: number;
}

export function readSegment(bytes: Buffer): SegmentImage {
  const frames: Frame[] = [];
  let at = Math.min(segmentHeader, bytes.length);
  let damagedBytes = 0;
  while (at < bytes.length) {
    const frame = readFrame(bytes, at);
    if (frame !== undefined) {
      frames.push(frame);
      at = frame.end;
      continue;
    }
    const found = bytes.indexOf(frameMagic, at + 1);
    const next = found < 0 ? bytes.length : found;
    damagedBytes += next - at;
    at = next;
  }
  return { header: readSegmentHeader(bytes), frames, damagedBytes };
}

function readSegmentHeader(bytes: Buffer): SegmentImage['header'] {
  if (bytes.length < segmentHeader || bytes.toString('latin1', 0, 4) !== segmentMagic) {
    return undefined;
  }
  if (crc32(bytes.subarray(0, 60)) !== bytes.readUInt32LE(60)) return undefined;
  return { version: bytes.readUInt16LE(4), first: Number(bytes.readBigUInt64LE(24)) };
}

function readFrame(bytes: Buffer, at: number): Frame | undefined {
  if (at + frameHeader > bytes.length) return undefined;
  if (!bytes.subarray(at, at + 4).equals(frameMagic)) return undefined;
  const headerSum = crc32(bytes.subarray(at, at + 22)) & 0xffff;
  if (bytes.readUInt16LE(at + 22) !== headerSum) return undefined;
  const end = at + frameHeader + bytes.readUInt32LE(at + 4);
  if (end > bytes.length) return undefined;
  const payload = bytes.subarray(at + frameHeader, end);
  const lengthPart = crc32(bytes.subarray(at + 4, at + 8));
  const headPart = crc32(bytes.subarray(at + 12, at + 22), lengthPart);
  if (crc32(payload, headPart) !== bytes.readUInt32LE(at + 8)) return undefined;
  const flags = bytes.readUInt16LE(at + 20);
  return {
    seq: Number(bytes.readBigUInt64LE(at + 12)),
    isDefinition: (flags & 0x8000) !== 0,
    definition: flags & 0x7fff,
    payload,
    start: at,
    end,
  };
}

/** The valid slot of the higher generation. */
export function readCursor(bytes: Buffer): Cursor | undefined {
  const slots = [readSlot(bytes, 0), readSlot(bytes, 4096)].filter((slot) => slot !== undefined);
  return slots.sort((one, other) => other.generation - one.generation)[0];
}

function readSlot(bytes: Buffer, at: number): Cursor | undefined {
  if (bytes.length < at + 64 || bytes.toString('latin1', at, at + 4) !== cursorMagic) {
    return undefined;
  }
  if (crc32(bytes.subarray(at, at + 60)) !== bytes.readUInt32LE(at + 60)) return undefined;
  const u64 = (offset: number) => Number(bytes.readBigUInt64LE(at + offset));
  return {
    offset: bytes.readUInt32LE(at + 4),
    generation: u64(8),
    segment: u64(16),
    seq: u64(24),
    gapFrom: u64(32),
    gapTo: u64(40),
  };
}
