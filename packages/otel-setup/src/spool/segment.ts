// One segment of a queue: where its records are, and how many of them are still to be settled.

import type { Image } from './image.ts';
import type { SegmentFile } from './segment-file.ts';

/**
 * `whole`: the file holds every record. `sparse`: it holds the errors, memory holds all (the disk is
 * nearly full). `ring`: memory only.
 */
export type SegmentKind = 'whole' | 'sparse' | 'ring';

const briskMs = 2_000;

export interface Segment {
  readonly number: number;
  kind: SegmentKind;
  /** First and last seq that belong here; the last one grows until the segment is sealed. */
  readonly first: number;
  last: number;
  readonly createdMs: number;
  lastMs: number;
  /** Monotonic. */
  readonly startedAt: number;
  image: Image | undefined;
  file: SegmentFile | undefined;
  isSealed: boolean;
  /** A gap here, or directly before, is records that could only be kept in memory. */
  readonly isLossy: boolean;
  pending: number;
  pendingBytes: number;
  /** Of a sparse segment, what its file holds: seq and end of each frame, and the definitions. */
  readonly filed: { seqs: number[]; ends: number[]; definitions: Set<number> };
}

export function createSegment(
  given: Pick<Segment, 'number' | 'kind' | 'first' | 'createdMs' | 'startedAt' | 'isLossy'> &
    Partial<Segment>,
): Segment {
  return {
    last: given.first - 1,
    lastMs: given.createdMs,
    image: undefined,
    file: undefined,
    isSealed: false,
    pending: 0,
    pendingBytes: 0,
    filed: { seqs: [], ends: [], definitions: new Set() },
    ...given,
  };
}

/** It is filled, or will be, in seconds: then its file serves for another one. `now`: monotonic ms. */
export function isBrisk({ startedAt }: Segment, now: number): boolean {
  return now - startedAt <= briskMs;
}

/** What is missing from here to the next one could only be kept in memory. */
export function isLossy(segment: Segment, next: Segment | undefined): boolean {
  return segment.isLossy || (next?.isLossy ?? false);
}

/** An append was cut off between file and memory: the stack ended there, or a `timeout` of `node:vm`. */
export function isAhead({ file, image, kind }: Segment): boolean {
  return kind === 'whole' && file !== undefined && file.size !== image?.used;
}

/** Of the active segment: it always has one. */
export function memoryOf({ image }: Segment): Image {
  if (image === undefined) throw new Error('the active segment has no memory');
  return image;
}

/** Where in the segment's file the records up to `seq` end. */
export function settledOffset(segment: Segment, seq: number): number {
  if (segment.last <= seq) return segment.file?.size ?? 0;
  if (segment.kind === 'sparse') {
    const { seqs, ends } = segment.filed;
    return ends[seqs.findLastIndex((filed) => filed <= seq)] ?? 0;
  }
  const { image } = segment;
  const index = image?.indexAfter(seq) ?? 0;
  return index === 0 ? 0 : (image?.ends[index - 1] ?? 0);
}
