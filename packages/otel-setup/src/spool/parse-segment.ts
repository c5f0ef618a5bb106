// Reads a segment back into an image: every frame whose checksums hold, in rising seq, whatever else the
// file contains. Never throws, never follows a length it has not checked.

import type { Definition } from '../record/batch.ts';
import { type DefinitionTable, readDefinition } from './definition-table.ts';
import {
  definitionFlag,
  type FrameHeader,
  findFrame,
  frameHeaderBytes,
  isEndMark,
  isPayloadWhole,
  maxDefinitionNumber,
  readFrameHeader,
} from './frame.ts';
import type { Image } from './image.ts';
import { readSegmentHeader, type SegmentHeader, segmentHeaderBytes } from './segment-header.ts';

// Forged headers make us check payloads in vain: 16 MiB of that (some 10 ms) is more than damage causes.
const wastedBytesLimit = 16 * 1024 * 1024;

export interface ParseContext {
  readonly table: DefinitionTable;
  /** Stands in for a definition that is damaged. */
  readonly fallback: Definition;
  /** Only records with `after < seq < before` are accepted. */
  readonly after: number;
  readonly before: number;
  /** The segment's number, by the file's name. */
  readonly number: number;
}

export interface Parsed {
  readonly header: SegmentHeader | undefined;
  /** Records whose definition was damaged. */
  readonly orphaned: number;
  /** Where the last whole frame ends, of whatever it holds. */
  readonly end: number;
}

/** `image.buffer` holds the first `length` bytes of the file; its columns are filled. */
export function parseSegment(image: Image, length: number, context: ParseContext): Parsed {
  image.reset();
  const header = readSegmentHeader(image.buffer, length, context.number);
  const parser = new Parser(image, length, context, header);
  parser.run(header === undefined ? 0 : segmentHeaderBytes);
  image.used = image.ends[image.count - 1] ?? length;
  return { header, orphaned: parser.orphaned, end: parser.end };
}

class Parser {
  orphaned = 0;
  end: number;
  readonly #image: Image;
  readonly #length: number;
  readonly #context: ParseContext;
  readonly #isLossy: boolean;
  readonly #numbers = new Map<number, number>();
  #lastSeq: number;
  #lastEnd: number;
  #isAnchored: boolean;
  #wasted = 0;

  constructor(
    image: Image,
    length: number,
    context: ParseContext,
    header: SegmentHeader | undefined,
  ) {
    this.#image = image;
    this.#length = length;
    this.end = header === undefined ? 0 : segmentHeaderBytes;
    this.#context = context;
    this.#isLossy = header?.lossy ?? false;
    this.#isAnchored = header !== undefined;
    this.#lastSeq = Math.max(context.after, (header?.first ?? 1) - 1);
    this.#lastEnd = segmentHeaderBytes;
  }

  run(from: number): void {
    const { buffer } = this.#image;
    let at = from;
    while (at >= 0 && at + frameHeaderBytes <= this.#length && this.#wasted < wastedBytesLimit) {
      if (this.#isAtEnd(at)) return;
      const next = this.#readFrame(at);
      at = next > 0 ? next : findFrame(buffer, at + 1, this.#length);
    }
  }

  /** What lies behind is what the file held before, and the rest of a record of the past may hold anything. */
  #isAtEnd(at: number): boolean {
    if (at !== this.end || !isEndMark(this.#image.buffer, at, this.#length)) return false;
    this.end = this.#length;
    return true;
  }

  /** Offset behind the frame, or 0 when there is none at `at`. */
  #readFrame(at: number): number {
    const buffer = this.#image.buffer;
    const header = readFrameHeader(buffer, at);
    if (header === undefined) return 0;
    const end = at + frameHeaderBytes + header.length;
    if (end > this.#length) return 0;
    const isDefinition = (header.flags & definitionFlag) !== 0;
    if (!isDefinition && !this.#isPlausible(header.seq, at)) return this.#skip(header, at, end);
    if (!isPayloadWhole(buffer, at, header.length)) {
      this.#wasted += header.length;
      return 0;
    }
    if (isDefinition) this.#define(header, at, end);
    else this.#accept(header, at, end);
    this.end = end;
    return end;
  }

  /**
   * What a file held before it was written over, and a repeated page, are frames of the past; whole ones are passed
   * over.
   */
  #skip(header: FrameHeader, at: number, end: number): number {
    if (!isPayloadWhole(this.#image.buffer, at, header.length)) {
      this.#wasted += header.length;
      return 0;
    }
    this.end = end;
    return end;
  }

  // A frame inside a record's own text could look genuine once the record around it is damaged. Between
  // two neighbours there were never more records than would fit there.
  #isPlausible(seq: number, at: number): boolean {
    if (seq <= this.#lastSeq || seq >= this.#context.before) return false;
    if (this.#isLossy || !this.#isAnchored) return true;
    return seq - this.#lastSeq - 1 <= (at - this.#lastEnd) / frameHeaderBytes;
  }

  #define(header: FrameHeader, at: number, end: number): void {
    const definition = readDefinition(this.#image.buffer.subarray(at + frameHeaderBytes, end));
    if (definition === undefined) return;
    this.#numbers.set(header.flags & maxDefinitionNumber, this.#intern(definition));
  }

  #intern(definition: Definition): number {
    const id = this.#context.table.define(definition);
    const known = this.#context.table.list[id];
    const present = this.#image.numbers[id];
    if (present !== undefined || known === undefined) return present ?? 0;
    return this.#image.addDefinition(known);
  }

  #accept(header: FrameHeader, at: number, end: number): void {
    let number = this.#numbers.get(header.flags & maxDefinitionNumber);
    if (number === undefined) {
      number = this.#intern(this.#context.fallback);
      this.orphaned++;
    }
    this.#image.push(at + frameHeaderBytes, end, header.seq, number, 0);
    this.#lastSeq = header.seq;
    this.#lastEnd = end;
    this.#isAnchored = true;
  }
}
