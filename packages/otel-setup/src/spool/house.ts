// Where this process lives on disk: moves in, notices when the ground is gone, moves again, moves out.

import type { Context } from './context.ts';
import type { DirectoryStore } from './directory-store.ts';
import { type Home, openHome } from './home.ts';
import type { Roller } from './roller.ts';
import { asSentences } from './root.ts';
import type { SegmentQueue } from './segment-queue.ts';
import type { Writer } from './writer.ts';

const retryMs = 30_000;
const losses = {
  gone: {
    what: 'was removed or replaced by somebody',
    fix: 'exclude it from whatever cleans up there',
  },
  locked: {
    what: "is closed to this process's user",
    fix: 'call init() after process.setuid(), or leave the mode of what is above it alone',
  },
} as const;

export interface HouseParts {
  readonly context: Context;
  readonly queue: SegmentQueue;
  readonly store: DirectoryStore;
  readonly roller: Roller;
  readonly writer: Writer;
}

export class House {
  home: Home | undefined;
  readonly #parts: HouseParts;
  #triedAt = 0;
  #isMissed = false;

  constructor(parts: HouseParts) {
    this.#parts = parts;
  }

  /** Never throws: without a place the records stay in memory, and it is tried again. */
  open(): void {
    const { context, queue, store, writer } = this.#parts;
    const { options } = context;
    if (options.config.durability === 'memory') return;
    this.#triedAt = context.clock.monotonic();
    const opened = openHome(options);
    if ('problems' in opened) {
      this.#miss(opened.problems);
      return;
    }
    this.home = opened;
    store.directory = opened.directory;
    if (queue.settledSeq > 0) queue.rewriteCursor();
    writer.mustRoll = true;
    if (!this.#isMissed) return;
    this.#isMissed = false;
    context.notice('RECOVERED', 'info', `The spool writes to disk again, below ${opened.root}.`);
  }

  /** Each second and at each roll. A directory that was deleted or replaced is left for a new one. */
  check(): void {
    const { home } = this;
    const loss = home?.directory.lossOf(home.inode);
    if (home === undefined || loss === undefined) return;
    const { context, queue, roller, store } = this.#parts;
    context.notice(
      'DIRECTORY_LOST',
      'warn',
      `The spool's directory ${home.directory.path} ${losses[loss].what}. What memory still holds is written to a new one; ${losses[loss].fix}.`,
    );
    this.home = undefined;
    store.directory = undefined;
    home.directory.leave();
    home.lock.release();
    for (const segment of queue.segments) {
      if (segment.image === undefined) continue;
      segment.file?.close();
      segment.file = undefined;
      segment.kind = 'ring';
    }
    this.open();
    roller.store();
  }

  /** Each second: a place that could not be had is asked for again every 30 s. */
  retry(): void {
    const { context, roller } = this.#parts;
    if (this.home !== undefined || context.clock.monotonic() - this.#triedAt < retryMs) return;
    this.open();
    roller.store();
  }

  close(isEmpty: boolean): void {
    const { home } = this;
    this.home = undefined;
    if (home === undefined) return;
    if (isEmpty) home.directory.remove();
    else home.directory.close();
    home.lock.release();
  }

  #miss(problems: readonly string[]): void {
    if (this.#isMissed) return;
    this.#isMissed = true;
    const found = asSentences(problems);
    this.#parts.context.notice(
      'NO_DIRECTORY',
      'warn',
      `There is no place for the spool. ${found} Records are kept in memory (8 MiB) and would be lost if the process were killed. ${fixFor(found)}`,
    );
  }
}

function fixFor(found: string): string {
  if (/\bE[MN]FILE\b/.test(found)) {
    return 'This process may open too few files: raise its limit (ulimit -n).';
  }
  // The words of Node's --permission, which name no flag, or the one that is missing next.
  if (found.includes('Access to this API')) {
    return 'The spool needs --allow-fs-read and --allow-fs-write for its directory, and --allow-net (Node 25) for its lock.';
  }
  return /\b(?:ENOSPC|EDQUOT)\b/.test(found)
    ? 'Free space there, or inodes (df -h, df -i), or name a directory on another disk in LOG_SPOOL_DIR.'
    : "Name a directory of this user's own in LOG_SPOOL_DIR.";
}
