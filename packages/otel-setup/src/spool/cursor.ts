// How far a directory is settled: the file `cursor`, two slots of 64 bytes at 0 and 4096, written in turn,
// so that a torn write costs at most one step. All numbers little-endian.
//
//    0  4 bytes  magic       "OTLC"
//    4  u32      offset      where, in that segment, the last settled frame ends
//    8  u64      generation  rises with each write; odd ones go to slot 0, even ones to 4096
//   16  u64      segment     number of the segment
//   24  u64      seq         every record up to and including this one is settled
//   32  u64      gapFrom     records of this range were given up and counted when they were: 0 for none
//   40  u64      gapTo       (the last one)
//   48  u64      given       of the records behind seq, how many more were given up and counted
//   56  4 bytes  zero
//   60  u32      crc32       over bytes 0-59

import { constants } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { FileSystem } from '../world.ts';
import { readU64, writeU64 } from './u64.ts';

export interface CursorPosition {
  readonly segment: number;
  readonly offset: number;
  readonly seq: number;
  readonly gapFrom: number;
  readonly gapTo: number;
  readonly given: number;
}

export const cursorStart: CursorPosition = {
  segment: 0,
  offset: 0,
  seq: 0,
  gapFrom: 0,
  gapTo: 0,
  given: 0,
};

const magic = 0x434c544f;
const slotBytes = 64;
const slotDistance = 4096;

export function writeSlot(slot: Buffer, position: CursorPosition, generation: number): void {
  slot.fill(0, 0, slotBytes);
  slot.writeUInt32LE(magic, 0);
  slot.writeUInt32LE(position.offset, 4);
  writeU64(slot, generation, 8);
  writeU64(slot, position.segment, 16);
  writeU64(slot, position.seq, 24);
  writeU64(slot, position.gapFrom, 32);
  writeU64(slot, position.gapTo, 40);
  writeU64(slot, position.given, 48);
  slot.writeUInt32LE(crc32(slot.subarray(0, 60)), 60);
}

type Slot = CursorPosition & { readonly generation: number };

function readSlot(slot: Buffer): Slot | undefined {
  if (slot.length < slotBytes || slot.readUInt32LE(0) !== magic) return undefined;
  if (crc32(slot.subarray(0, 60)) !== slot.readUInt32LE(60)) return undefined;
  const [generation, segment, seq, gapFrom, gapTo, given] = [8, 16, 24, 32, 40, 48].map((at) =>
    readU64(slot, at),
  );
  if (generation === undefined || segment === undefined || seq === undefined) return undefined;
  if (gapFrom === undefined || gapTo === undefined || given === undefined) return undefined;
  return { generation, segment, offset: slot.readUInt32LE(4), seq, gapFrom, gapTo, given };
}

/** The newer valid slot of a cursor file's contents. */
export function readCursor(contents: Buffer): Slot | undefined {
  const slots = [contents, contents.subarray(slotDistance)].map((part) => readSlot(part));
  const [first, second] = slots;
  if (first === undefined || second === undefined) return first ?? second;
  return first.generation > second.generation ? first : second;
}

/** The open cursor of a directory. O_APPEND would make `pwrite` append (Linux), so it goes without. */
export class CursorFile {
  readonly #fs: FileSystem;
  readonly #fd: number;
  readonly #slot: Buffer = Buffer.alloc(slotBytes);
  #generation: number;

  private constructor(fs: FileSystem, fd: number, generation: number) {
    this.#fs = fs;
    this.#fd = fd;
    this.#generation = generation;
  }

  /** Both slots are written at once: later writes need no space on a disk that has become full. */
  static create(fs: FileSystem, path: string): CursorFile {
    const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR } = constants;
    const fd = fs.openSync(path, O_CREAT | O_EXCL | O_NOFOLLOW | O_RDWR, 0o600);
    const cursor = new CursorFile(fs, fd, 0);
    cursor.write(cursorStart);
    cursor.write(cursorStart);
    return cursor;
  }

  static open(fs: FileSystem, path: string, generation: number): CursorFile {
    const { O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDWR } = constants;
    const fd = fs.openSync(path, O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_RDWR, 0o600);
    return new CursorFile(fs, fd, generation);
  }

  write(position: CursorPosition): void {
    this.#generation++;
    writeSlot(this.#slot, position, this.#generation);
    const at = this.#generation % 2 === 1 ? 0 : slotDistance;
    this.#fs.writeSync(this.#fd, this.#slot, 0, slotBytes, at);
  }

  close(): void {
    this.#fs.closeSync(this.#fd);
  }
}
