// A directory as the store behind a queue.

import type { Batch, Definition } from '../record/batch.ts';
import type { Context } from './context.ts';
import type { CursorPosition } from './cursor.ts';
import { DefinitionTable } from './definition-table.ts';
import type { Directory } from './directory.ts';
import type { Image, ImagePool } from './image.ts';
import type { DropReason } from './options.ts';
import { parseSegment } from './parse-segment.ts';
import type { Quarantine } from './quarantine.ts';
import { readInto } from './read-file.ts';
import { isBrisk, type Segment } from './segment.ts';
import type { Store } from './segment-queue.ts';

/** Twice what we ever write: more than that in one file is garbage behind its end. */
const maxSegmentBytes = 2 * 1024 * 1024;
const noDefinition: Definition = { resource: new Uint8Array(), scope: new Uint8Array() };

export interface StoreParts {
  readonly context: Context;
  readonly pool: ImagePool;
  readonly quarantine: Quarantine;
  /** The process's own definitions; the first one stands in for a damaged one. */
  readonly ownTable: DefinitionTable;
}

export class DirectoryStore implements Store {
  directory: Directory | undefined;
  /** A file could not be read for want of a descriptor or memory: to be tried again. */
  mustRetry = false;
  readonly table: DefinitionTable;
  readonly #parts: StoreParts;
  readonly #isAdopted: boolean;

  constructor(parts: StoreParts, directory: Directory | undefined, isAdopted: boolean) {
    this.#parts = parts;
    this.directory = directory;
    this.#isAdopted = isAdopted;
    // An adopted directory's resources are gone from memory with its queue.
    this.table = isAdopted ? new DefinitionTable() : parts.ownTable;
  }

  load(segment: Segment, after: number, before: number): Image | 'gone' | 'later' {
    const { file } = segment;
    if (file === undefined) return 'gone';
    const { context, ownTable, pool } = this.#parts;
    let image: Image | undefined;
    const length = readInto(context.fs, file.path, maxSegmentBytes, (bytes) => {
      image = pool.take(bytes, false);
      return image.buffer;
    });
    if (length === 'later') this.mustRetry = true;
    if (typeof length !== 'number' || image === undefined)
      return length === 'later' ? length : 'gone';
    const fallback = ownTable.list[0] ?? noDefinition;
    const { orphaned } = parseSegment(image, length, {
      table: this.table,
      fallback,
      after,
      before,
      number: segment.number,
    });
    if (orphaned > 0) this.#tellOrphaned(orphaned);
    return image;
  }

  writeCursor(position: CursorPosition): void {
    this.directory?.writeCursor(position);
  }

  retire(segment: Segment): void {
    const { file } = segment;
    if (file !== undefined) {
      if (this.directory === undefined) file.unlink();
      else if (this.#mayServeAgain(segment)) this.directory.spareSegment(file);
      else this.directory.unlinkSegment(file);
    }
    this.release(segment);
  }

  #mayServeAgain(segment: Segment): boolean {
    if (this.#isAdopted || segment.kind !== 'whole') return false;
    return isBrisk(segment, this.#parts.context.clock.monotonic());
  }

  /** Lets go of a segment's memory. */
  release(segment: Segment): void {
    if (segment.image !== undefined) this.#parts.pool.give(segment.image);
    segment.image = undefined;
  }

  /** Takes the memory of an image back that no segment holds. */
  recycle(image: Image): void {
    this.#parts.pool.give(image);
  }

  quarantine(record: Uint8Array, seq: number, batch: Batch, index: number, why: string[]): void {
    const { resource, scope } = batch.definitions[index] ?? noDefinition;
    this.#parts.quarantine.add({
      record,
      seq,
      resource,
      scope,
      reason: why[0] ?? '',
      words: why[1] ?? '',
    });
  }

  dropped(reason: DropReason, count: number, segment: Segment | undefined): void {
    const { context } = this.#parts;
    context.dropped(reason, count, this.#isAdopted);
    if (segment !== undefined) {
      context.openGap({ count, firstMs: segment.createdMs, lastMs: segment.lastMs, reason });
      return;
    }
    if (reason !== 'corrupt') return;
    context.notice(
      'DAMAGED',
      'error',
      `${count === 1 ? 'A record in the spool could not be read back and is' : `${count} records in the spool could not be read back and are`} lost: a file was damaged, cut or deleted. Check the disk below ${this.directory?.path}.`,
    );
  }

  #tellOrphaned(count: number): void {
    this.#parts.context.notice(
      'DAMAGED',
      'warn',
      `${count === 1 ? 'A record in the spool has lost its resource to damage; it is' : `${count} records in the spool have lost their resource to damage; they are`} sent under this process's own.`,
    );
  }
}
