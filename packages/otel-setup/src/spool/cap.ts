// Keeps the whole root below the cap: orphans give way first, oldest first, then our own; never what belongs to a
// living process or to another service.

import type { Context } from './context.ts';
import type { Home } from './home.ts';
import type { Orphans } from './orphans.ts';
import type { SegmentQueue } from './segment-queue.ts';
import { Usage } from './usage.ts';

export interface CapParts {
  readonly context: Context;
  readonly home: () => Home | undefined;
  readonly orphans: Orphans;
  readonly queue: SegmentQueue;
}

export class Cap {
  readonly #parts: CapParts;
  readonly #usage: Usage;

  constructor(parts: CapParts) {
    this.#parts = parts;
    this.#usage = new Usage(parts.context);
  }

  /** Bytes that all below the root may take; undefined without one. */
  get maxBytes(): number | undefined {
    const home = this.#parts.home();
    return home === undefined ? undefined : this.#usage.maxBytes(home);
  }

  /** Makes room for so many bytes; false when nothing more of ours could go. */
  makeRoom(bytes: number): boolean {
    const { orphans, queue } = this.#parts;
    const home = this.#parts.home();
    if (home === undefined) return false;
    let excess = this.#usage.excess(home, bytes);
    if (excess <= 0) return true;
    let isDropping = false;
    while (excess > 0) {
      const freed = orphans.dropOldest('disk_cap') || queue.dropOldest('disk_cap');
      if (freed === 0) break;
      isDropping = true;
      this.#usage.freed(freed);
      excess -= freed;
    }
    if (isDropping) this.#tell(home);
    return excess <= 0;
  }

  #tell(home: Home): void {
    const mebibytes = Math.round(this.#usage.maxBytes(home) / 1024 / 1024);
    this.#parts.context.notice(
      'DISK_CAP',
      'error',
      `The spool below ${home.root} has reached its cap (${mebibytes} MiB): the oldest records are dropped. Raise LOG_SPOOL_MAX_BYTES, or see why nothing is delivered.`,
    );
  }
}
