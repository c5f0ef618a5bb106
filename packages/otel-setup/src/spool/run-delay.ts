// How long this thread was ready to run and got no processor (a busy machine, a container's CPU limit): a write
// that took long because of that is no sign of a slow disk.

import type { FileSystem } from '../world.ts';

// Time on a processor, time waited for one, both in ns; number of turns.
const path = '/proc/thread-self/schedstat';

export class RunDelay {
  readonly #fs: FileSystem;
  #totalMs = 0;

  constructor(fs: FileSystem) {
    this.#fs = fs;
    this.lapMs();
  }

  /** Ms waited since the last call; 0 where the kernel does not say. */
  lapMs(): number {
    const before = this.#totalMs;
    try {
      const nanoseconds = Number(this.#fs.readFileSync(path, 'latin1').split(' ')[1]);
      if (Number.isFinite(nanoseconds)) this.#totalMs = nanoseconds / 1e6;
    } catch {
      // Not Linux, or a kernel without these figures: then every slow write counts.
    }
    return this.#totalMs - before;
  }
}
