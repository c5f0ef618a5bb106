// The open file of a segment. Hot path: write runs on the caller's thread for every record.

import { constants } from 'node:fs';
import type { FileSystem } from '../world.ts';
import { endMarkBytes, putEndMark } from './frame.ts';

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = constants;
/** Of a file that lies there: a pipe that somebody put in its place would wait for a reader. */
const againFlags = O_NOFOLLOW | O_NONBLOCK | O_WRONLY;

export class SegmentFile {
  readonly path: string;
  /** Bytes of whole frames and the header. */
  size = 0;
  /** Holds bytes that no fdatasync has covered. */
  isDirty = false;
  /** Monotonic ms of the moment when the file, under whatever name, was made. */
  madeAt = 0;
  readonly #fs: FileSystem;
  #fd: number;
  /** Of a file that is written over: where it ends, with what it held before. */
  #end = 0;
  #isOver = false;
  #isSyncing = false;
  #isClosing = false;

  private constructor(fs: FileSystem, path: string, fd: number) {
    this.#fs = fs;
    this.path = path;
    this.#fd = fd;
  }

  static create(fs: FileSystem, path: string, madeAt = 0): SegmentFile {
    const fd = fs.openSync(path, O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, 0o600);
    const file = new SegmentFile(fs, path, fd);
    file.madeAt = madeAt;
    return file;
  }

  /**
   * A settled segment's file under another name, to be written over from its start: pages that are there already
   * take a record in 1.07 us, new ones in 1.4. Throws where somebody put something else in its place.
   */
  static over(fs: FileSystem, settled: SegmentFile, path: string): SegmentFile {
    fs.renameSync(settled.path, path);
    let fd = -1;
    try {
      fd = fs.openSync(path, againFlags);
      const stat = fs.fstatSync(fd);
      if (!stat.isFile() || stat.nlink !== 1) throw new Error(`${path} is not ours alone`);
      const file = new SegmentFile(fs, path, fd);
      file.madeAt = settled.madeAt;
      file.#isOver = true;
      file.#end = stat.size;
      return file;
    } catch (error) {
      if (fd >= 0) fs.closeSync(fd);
      SegmentFile.at(fs, path, 0).unlink();
      throw error;
    }
  }

  /** A segment that lies there, not open. */
  static at(fs: FileSystem, path: string, size: number): SegmentFile {
    const file = new SegmentFile(fs, path, -1);
    file.size = size;
    file.#end = size;
    return file;
  }

  /** Another name for it: a rewritten segment takes the place of the damaged one. */
  renamed(path: string): SegmentFile {
    this.#fs.renameSync(this.path, path);
    const file = new SegmentFile(this.#fs, path, this.#fd);
    file.size = this.size;
    file.isDirty = this.isDirty;
    file.madeAt = this.madeAt;
    this.#fd = -1;
    return file;
  }

  /** Bytes that the file has on disk: behind `size` may stand a mark, and what it held before. */
  get length(): number {
    return Math.max(this.size, this.#end);
  }

  /**
   * Appends `bytes[from..to)` wholly or throws; the caller then cuts the file back. May put a mark into the four bytes
   * behind `to`.
   */
  write(bytes: Buffer, from: number, to: number): void {
    this.isDirty = true;
    const size = this.size + to - from;
    let end = to;
    if (size < this.#end) {
      putEndMark(bytes, to);
      end += endMarkBytes;
      this.#end = Math.max(this.#end, size + endMarkBytes);
    }
    const place = this.#isOver ? this.size : undefined;
    const written = this.#fs.writeSync(this.#fd, bytes, from, end - from, place);
    if (written < end - from) this.#complete(bytes, from, written, end);
    this.size = size;
  }

  // A disk that is nearly full writes short once and fails at the next try.
  #complete(bytes: Buffer, from: number, written: number, to: number): void {
    let at = from + written;
    while (at < to) {
      const place = this.#isOver ? this.size + at - from : undefined;
      const more = this.#fs.writeSync(this.#fd, bytes, at, to - at, place);
      if (more === 0) throw new Error('The disk takes no more bytes.');
      at += more;
    }
  }

  /** Cuts a torn frame off; where even that fails the frame's checksum keeps it out. */
  cutBack(size: number = this.size): void {
    this.size = size;
    try {
      this.#fs.ftruncateSync(this.#fd, this.size);
      this.#end = 0;
    } catch {
      // The torn tail stays and is never accepted.
    }
  }

  /** Cuts off what a file that is written over still holds behind its end. */
  trim(): void {
    if (this.#end > this.size) this.cutBack();
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
      if (this.#fd < 0) this.#fd = this.#fs.openSync(this.path, againFlags | O_APPEND);
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
