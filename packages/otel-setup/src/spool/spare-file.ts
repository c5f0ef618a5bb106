// The file of a settled segment, kept for the next one: while records come fast, no page is made anew for each of them.

import { basename, dirname, join } from 'node:path';
import type { FileSystem } from '../world.ts';
import { SegmentFile } from './segment-file.ts';

// The kernel begins to write pages to the device when they are 30 s old (vm.dirty_expire_centisecs). Before, a file goes
// that was only ever passed through.
const maxAgeMs = 15_000;

export class SpareFile {
  readonly #fs: FileSystem;
  #file: SegmentFile | undefined;

  constructor(fs: FileSystem) {
    this.#fs = fs;
  }

  /** Bytes that it has on disk. */
  get bytes(): number {
    return this.#file?.length ?? 0;
  }

  /** Under a hidden name, so that nobody takes it for a segment. False when there is one already, or it is not there. */
  keep(file: SegmentFile): boolean {
    if (this.#file !== undefined) return false;
    file.close();
    const hidden = join(dirname(file.path), `.${basename(file.path)}`);
    try {
      this.#fs.renameSync(file.path, hidden);
    } catch {
      return false;
    }
    this.#file = SegmentFile.at(this.#fs, hidden, file.length);
    this.#file.madeAt = file.madeAt;
    return true;
  }

  /** The spare one under the name `path`, empty; undefined when there is none that is young, and ours. */
  take(path: string, now: number): SegmentFile | undefined {
    const file = this.#file;
    if (file === undefined) return undefined;
    if (now - file.madeAt > maxAgeMs) {
      this.drop();
      return undefined;
    }
    this.#file = undefined;
    try {
      return SegmentFile.over(this.#fs, file, path);
    } catch {
      // Removed or replaced by somebody, or no descriptor is free: the next one is a new one, or tells why not.
      file.unlink();
      return undefined;
    }
  }

  /** Leaves it where it lies: that place is not ours any more. */
  forget(): void {
    this.#file = undefined;
  }

  drop(): void {
    const file = this.#file;
    this.#file = undefined;
    file?.unlink();
  }
}
