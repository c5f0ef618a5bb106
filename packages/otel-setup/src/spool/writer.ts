// Takes a record in: a frame in memory, and one write to the segment's file before it returns.
// Hot path: runs on the caller's thread for every record.

import type { Context } from './context.ts';
import { type DefinitionTable, definitionPayload } from './definition-table.ts';
import type { Disk } from './disk.ts';
import {
  definitionFlag,
  endMarkBytes,
  frameHeaderBytes,
  maxDefinitionNumber,
  maxPayloadBytes,
  sealFrame,
} from './frame.ts';
import type { Image } from './image.ts';
import { PayloadViews } from './payload-views.ts';
import { isAhead, memoryOf, type Segment } from './segment.ts';
import type { SegmentQueue } from './segment-queue.ts';
import { isExhausted, needStack } from './stack-room.ts';

const maxSegmentAgeMs = 60_000;
/** Severity number of ERROR: from here on a record is written even to a disk that is nearly full. */
const errorSeverity = 17;
const noRoom = 'It was logged where the stack was at its end, by a recursion, or memory was.';

export interface WriterParts {
  readonly context: Context;
  readonly queue: SegmentQueue;
  readonly table: DefinitionTable;
  readonly disk: Disk;
  /** Seals the active segment and opens the next one, of the kind that the disk allows. */
  readonly roll: (now: number, active: Segment | undefined, nextSeq: number) => Segment;
  /** Seals a segment behind which nothing comes for now. */
  readonly seal: (active: Segment) => void;
  /** Each second: gives back what is kept on disk for a flow that has ebbed. */
  readonly rest: (now: number, active: Segment | undefined) => void;
  /** The bytes at which a segment is full. */
  readonly segmentBytes: number;
}

export class Writer {
  active: Segment | undefined;
  /** The next append begins a new segment: the disk's state has changed. */
  mustRoll = false;
  readonly #parts: WriterParts;
  #nextSeq = 1;
  #freshAt = Number.NEGATIVE_INFINITY;
  readonly #views = new PayloadViews();

  constructor(parts: WriterParts) {
    this.#parts = parts;
  }

  append(bytes: Buffer, start: number, end: number, definition: number, severity: number): void {
    const { context } = this.#parts;
    const seq = this.#nextSeq;
    try {
      if (end - start > maxPayloadBytes) this.#refuse(end - start);
      else this.#append(bytes, start, end, definition, severity);
    } catch (error) {
      if (this.#nextSeq > seq) return;
      // Only want of memory leads here, or of stack. The application's call must not fail for it.
      const words = error instanceof Error ? error.message : String(error);
      context.notice('MEMORY_CAP', 'error', `A record could not be kept (${words}). ${noRoom}`);
      // Last: where the stack does not reach as far as this, the caller gets an exception and nothing was counted.
      context.dropped('memory_cap', 1, false);
    }
  }

  /** While nobody logs, what was delivered leaves the disk as it would with the next record. */
  rest(): void {
    const { active } = this;
    const now = this.#parts.context.clock.monotonic();
    this.#parts.rest(now, active);
    if (active?.file === undefined || active.pending > 0 || active.last < active.first) return;
    if (now - active.startedAt <= maxSegmentAgeMs) return;
    this.active = undefined;
    this.#parts.seal(active);
  }

  #append(bytes: Buffer, start: number, end: number, definition: number, severity: number): void {
    const now = this.#parts.context.clock.monotonic();
    const frameBytes = frameHeaderBytes + end - start;
    const segment = this.#segmentFor(frameBytes, definition, now);
    const image = memoryOf(segment);
    const at = image.used;
    const seq = this.#nextSeq;
    const number = image.numbers[definition] ?? 0;
    // A view of the bytes costs more than their copy; `copy` needs none.
    bytes.copy(image.buffer, at + frameHeaderBytes, start, end);
    // What stays in memory needs no checksum; it gets one when it is written to disk after all.
    if (segment.kind !== 'ring') {
      sealFrame(image.buffer, at, this.#views.of(bytes, start, end), seq, number);
    }
    if (segment.kind === 'whole' && !this.#write(segment, image.buffer, at, at + frameBytes, now)) {
      this.#append(bytes, start, end, definition, severity);
      return;
    }
    image.push(at + frameHeaderBytes, at + frameBytes, seq, number, now);
    // No call between these: an exhausted stack comes before all of them, or after.
    const { queue } = this.#parts;
    this.#nextSeq = seq + 1;
    segment.last = seq;
    segment.pending++;
    segment.pendingBytes += frameBytes;
    queue.pending++;
    queue.pendingBytes += frameBytes;
    if (segment.kind === 'sparse' && severity >= errorSeverity) this.#file(segment, image, now);
  }

  /** The active segment, with room for the frame and with its definition in place. */
  #segmentFor(frameBytes: number, definition: number, now: number): Segment {
    let segment = this.active;
    if (segment === undefined || this.mustRoll || isOver(segment, now)) segment = this.#roll(now);
    // A segment that was full, a file that fails, a fresh one that fails as well; memory then takes it.
    for (let attempt = 0; attempt < 8; attempt++) {
      if (this.#isReady(segment, frameBytes, definition, now)) return segment;
      segment = this.active ?? segment;
    }
    throw new Error('no segment would take it');
  }

  /** False when it was not: then it has the definition now, or another segment is the active one. */
  #isReady(segment: Segment, frameBytes: number, definition: number, now: number): boolean {
    const image = memoryOf(segment);
    const isDefined = image.numbers[definition] !== undefined;
    if (isDefined && this.#hasRoom(image, frameBytes)) return true;
    const payload = this.#definitionOf(definition);
    const bytes = frameBytes + frameHeaderBytes + payload.length;
    const isFull = image.definitions.length > maxDefinitionNumber;
    if (isDefined || isFull || !this.#hasRoom(image, bytes)) this.#roll(now);
    else this.#define(segment, payload, definition, now);
    return false;
  }

  #definitionOf(definition: number): Buffer {
    const known = this.#parts.table.list[definition];
    if (known === undefined) throw new RangeError(`its definition ${definition} is unknown`);
    return definitionPayload(known);
  }

  #define(segment: Segment, payload: Buffer, definition: number, now: number): void {
    needStack();
    const { queue, table } = this.#parts;
    const known = table.list[definition];
    const image = memoryOf(segment);
    const at = image.used;
    const end = at + frameHeaderBytes + payload.length;
    image.buffer.set(payload, at + frameHeaderBytes);
    sealFrame(image.buffer, at, payload, 0, definitionFlag | image.definitions.length);
    if (segment.kind === 'whole' && !this.#write(segment, image.buffer, at, end, now)) return;
    if (known !== undefined) image.addDefinition(known);
    image.used = end;
    segment.pendingBytes += end - at;
    queue.pendingBytes += end - at;
  }

  /** A segment grows up to its size; a single frame larger than that has one of its own. */
  #hasRoom(image: Image, bytes: number): boolean {
    const needed = image.used + bytes + endMarkBytes;
    if (needed <= image.buffer.length) return true;
    if (needed > this.#parts.segmentBytes && image.count > 0) return false;
    const doubled = Math.min(this.#parts.segmentBytes, image.buffer.length * 4);
    image.growTo(Math.max(needed, doubled));
    return true;
  }

  /** False when the disk failed and the active segment was changed for another. */
  #write(segment: Segment, bytes: Buffer, from: number, to: number, now: number): boolean {
    const { context, disk } = this.#parts;
    try {
      segment.file?.write(bytes, from, to);
    } catch (error) {
      if (isExhausted(error)) throw error;
      segment.file?.cutBack();
      this.#fail(error, now);
      return false;
    }
    disk.wrote(to - from, now, context.clock.monotonic());
    if (disk.state !== 'good') this.mustRoll = true;
    context.crash('frame-written');
    return true;
  }

  // A descriptor can be bad (closed by somebody, at its size limit) while the disk is well: one fresh file a
  // second is tried before the disk is given up.
  #fail(error: unknown, now: number): void {
    const isFresh = now - this.#freshAt < 1_000;
    this.#freshAt = now;
    if (isFresh || (error instanceof Error && 'code' in error && error.code === 'ENOSPC')) {
      this.#parts.disk.failed(error);
    }
    this.#roll(now);
  }

  /** Writes the newest record, an error, to the file of a segment that is otherwise in memory. */
  #file(segment: Segment, image: Image, now: number): void {
    const { context, disk } = this.#parts;
    const last = image.count - 1;
    const number = image.definitionNumbers[last] ?? 0;
    const known = image.definitions[number];
    const from = (image.starts[last] ?? 0) - frameHeaderBytes;
    try {
      const file = segment.file;
      if (file === undefined || known === undefined) return;
      if (!segment.filed.definitions.has(number)) {
        const payload = definitionPayload(known);
        const frame = Buffer.allocUnsafe(frameHeaderBytes + payload.length);
        frame.set(payload, frameHeaderBytes);
        sealFrame(frame, 0, payload, 0, definitionFlag | number);
        file.write(frame, 0, frame.length);
        segment.filed.definitions.add(number);
      }
      file.write(image.buffer, from, image.used);
      segment.filed.seqs.push(image.seqs[last] ?? 0);
      segment.filed.ends.push(file.size);
      disk.wrote(image.used - from, now, context.clock.monotonic());
    } catch {
      // Not even the reserve is left: it stays in memory, as the state of the disk says already.
      segment.file?.cutBack();
    }
  }

  #roll(now: number): Segment {
    needStack();
    const { active } = this;
    // What is no record leaves the file again: its number goes to the next one.
    if (active !== undefined && isAhead(active)) active.file?.cutBack(active.image?.used);
    this.mustRoll = false;
    this.active = this.#parts.roll(now, active, this.#nextSeq);
    return this.active;
  }

  #refuse(bytes: number): void {
    const { context } = this.#parts;
    context.dropped('too_large', 1, false);
    context.notice(
      'RECORD_TOO_LARGE',
      'error',
      `A record of ${bytes} bytes was dropped: ${maxPayloadBytes} is the most that one may have.`,
    );
  }
}

function isOver(segment: Segment, now: number): boolean {
  if (segment.isSealed) return true;
  return (
    segment.kind === 'whole' && (now - segment.startedAt > maxSegmentAgeMs || isAhead(segment))
  );
}
