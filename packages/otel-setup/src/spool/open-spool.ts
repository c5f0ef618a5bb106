// Opens the spool.

import type { Batch, Definition } from '../record/batch.ts';
import type { Queue, Spool, SpoolOptions, SpoolStats } from './options.ts';
import { OwnSpool } from './own-spool.ts';

/** Never throws: in the worst case records are kept in memory, and one notice says why. */
export function openSpool(options: SpoolOptions): Spool {
  return new LastingSpool(options);
}

/** A spool that takes records even after its end: a listener of `exit` that runs after ours may log. */
class LastingSpool implements Spool {
  readonly own: Queue;
  readonly #options: SpoolOptions;
  #inner: OwnSpool;
  #isClosed = false;
  readonly #definitions: Definition[] = [];

  constructor(options: SpoolOptions) {
    this.#options = options;
    this.#inner = new OwnSpool(options);
    this.own = this.#inner.own;
  }

  define(definition: Definition): number {
    const id = this.#inner.define(definition);
    this.#definitions[id] ??= definition;
    return id;
  }

  append(bytes: Buffer, start: number, end: number, definition: number, severity: number): void {
    if (this.#isClosed) this.#reopen();
    this.#inner.append(bytes, start, end, definition, severity);
  }

  appended(): void {
    this.#inner.appended();
  }

  nextOrphan(): Queue | undefined {
    return this.#isClosed ? undefined : this.#inner.nextOrphan();
  }

  scan(): void {
    if (!this.#isClosed) this.#inner.scan();
  }

  stats(): SpoolStats {
    const stats = this.#inner.stats();
    return this.#isClosed ? { ...stats, mode: 'off' } : stats;
  }

  snapshot(maxBytes: number): Batch[] {
    return this.#inner.snapshot(maxBytes);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#inner.tell();
    this.#isClosed = true;
    this.#inner.close();
  }

  #reopen(): void {
    this.#isClosed = false;
    this.#inner = new OwnSpool(this.#options);
    // The numbers that callers hold stay valid.
    for (const definition of this.#definitions) this.#inner.define(definition);
  }
}
