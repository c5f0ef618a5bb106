// The open file of a segment. Hot path: write runs on the caller's thread for every record.

import { constants } from 'node:fs';
import type { FileSystem } from '../world.ts';

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;

export class SegmentFile {
  readonly path: string;
  /** Bytes of whole frames and the header. */
  size = 0;
  /** Holds bytes that no fdatasync has covered. */
  isDirty = false;
  readonly #fs: FileSystem;
  #fd: number;
  #isSyncing = false;
  #isClosing = false;

  private constructor(fs: FileSystem, path: string, fd: number) {
    this.#fs = fs;
    this.path = path;
    this.#fd = fd;
  }

  static create(fs: FileSystem, path: string): SegmentFile {
    const fd = fs.openSync(path, O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, 0o600);
    return new SegmentFile(fs, path, fd);
  }

  /** A segment that lies there, not open. */
  static at(fs: FileSystem, path: string, size: number): SegmentFile {
    const file = new SegmentFile(fs, path, -1);
    file.size = size;
    return file;
  }

  /** Another name for it: a rewritten segment takes the place of the damaged one. */
  renamed(path: string): SegmentFile {
    this.#fs.renameSync(this.path, path);
    const file = new SegmentFile(this.#fs, path, this.#fd);
    file.size = this.size;
    file.isDirty = this.isDirty;
    this.#fd = -1;
    return file;
  }

  /** Appends `bytes[from..to)` wholly or throws; the caller then cuts the file back. */
  write(bytes: Buffer, from: number, to: number): void {
    this.isDirty = true;
    const written = this.#fs.writeSync(this.#fd, bytes, from, to - from);
    if (written < to - from) this.#complete(bytes, from + written, to);
    this.size += to - from;
  }

  // A disk that is nearly full writes short once and fails at the next try.
  #complete(bytes: Buffer, from: number, to: number): void {
    let at = from;
    while (at < to) {
      const written = this.#fs.writeSync(this.#fd, bytes, at, to - at);
      if (written === 0) throw new Error('The disk takes no more bytes.');
      at += written;
    }
  }

  /** Cuts a torn frame off; where even that fails the frame's checksum keeps it out. */
  cutBack(size: number = this.size): void {
    this.size = size;
    try {
      this.#fs.ftruncateSync(this.#fd, this.size);
    } catch {
      // The torn tail stays and is never accepted.
    }
  }

  /** fdatasync on libuv's pool: without an error everything written before the call is durable then. */
  sync(done: (error: Error | undefined) => void): void {
    if (!this.#reopen()) {
      done(undefined);
      return;
    }
    this.#isSyncing = true;
    this.isDirty = false;
    this.#fs.fdatasync(this.#fd, (error) => {
      this.#isSyncing = false;
      if (this.#isClosing) this.close();
      done(error ?? undefined);
    });
  }

  #reopen(): boolean {
    try {
      if (this.#fd < 0) this.#fd = this.#fs.openSync(this.path, O_NOFOLLOW | O_WRONLY | O_APPEND);
      this.#isClosing = false;
      return true;
    } catch {
      // Deleted meanwhile, or no descriptor is free: there is nothing that could be synced.
      return false;
    }
  }

  /** Waits for a running fdatasync: the descriptor's number may belong to somebody else afterwards. */
  close(): void {
    if (this.#fd < 0) return;
    this.#isClosing = true;
    if (this.#isSyncing) return;
    const fd = this.#fd;
    this.#fd = -1;
    try {
      this.#fs.closeSync(fd);
    } catch {
      // Closed by somebody else: nothing is left to close.
    }
  }

  unlink(): void {
    this.close();
    try {
      this.#fs.unlinkSync(this.path);
    } catch (error) {
      // Gone already; or a directory that damage put in its place.
      if (isCode(error, 'EISDIR', 'EPERM')) this.#removeTree();
    }
  }

  #removeTree(): void {
    try {
      this.#fs.rmSync(this.path, { recursive: true, force: true });
    } catch {
      // What cannot be removed stays, as with every other code: nothing in it is pending.
    }
  }
}

export function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
