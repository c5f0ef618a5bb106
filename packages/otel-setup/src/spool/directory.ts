// A spool directory that is ours: made by this process, or taken over from a dead one.

import { constants } from 'node:fs';
import type { FileSystem } from '../world.ts';
import { CursorFile, type CursorPosition } from './cursor.ts';
import {
  cursorName,
  isHiddenId,
  lockName,
  ownerName,
  segmentName,
  segmentNumber,
} from './layout.ts';
import type { CrashPoint } from './options.ts';
import { isCode, SegmentFile } from './segment-file.ts';
import { SpareFile } from './spare-file.ts';

export class Directory {
  path: string;
  /** An entry was made or renamed since the last fsync of the directory. */
  isDirty = true;
  readonly fs: FileSystem;
  readonly #crash: (point: CrashPoint) => void;
  #cursor: CursorFile | undefined;
  readonly #generation: number;
  readonly #spare: SpareFile;

  constructor(fs: FileSystem, path: string, crash: (point: CrashPoint) => void, generation = 0) {
    this.fs = fs;
    this.path = path;
    this.#crash = crash;
    this.#generation = generation;
    this.#spare = new SpareFile(fs);
  }

  /** Bytes of the file that is kept for the next segment. */
  get spareBytes(): number {
    return this.#spare.bytes;
  }

  createCursor(): void {
    this.#cursor = CursorFile.create(this.fs, `${this.path}/${cursorName}`);
  }

  segmentPath(number: number): string {
    return `${this.path}/${segmentName(number)}`;
  }

  /** `now`: monotonic ms. */
  createSegment(number: number, header: Buffer, headerBytes: number, now: number): SegmentFile {
    const path = this.segmentPath(number);
    const file = this.#spare.take(path, now) ?? SegmentFile.create(this.fs, path, now);
    this.isDirty = true;
    this.#crash('segment-created');
    try {
      file.write(header, 0, headerBytes);
    } catch (error) {
      file.unlink();
      throw error;
    }
    this.#crash('header-written');
    return file;
  }

  /** Writes a segment anew from memory, in place of whatever has its name. */
  rewriteSegment(number: number, bytes: Buffer, length: number): SegmentFile {
    const path = `${this.path}/.${segmentName(number)}`;
    this.fs.rmSync(path, { force: true });
    const file = SegmentFile.create(this.fs, path);
    try {
      file.write(bytes, 0, length);
      this.isDirty = true;
      const target = this.segmentPath(number);
      // A rename takes the place of a file, not of a directory that somebody put there.
      if (this.fs.lstatSync(target, { throwIfNoEntry: false })?.isDirectory() === true) {
        this.fs.rmSync(target, { recursive: true, force: true });
      }
      return file.renamed(target);
    } catch (error) {
      file.unlink();
      throw error;
    }
  }

  /** A cursor that cannot be written costs repeats after a crash, nothing else. */
  writeCursor(position: CursorPosition): void {
    try {
      this.#cursor ??= CursorFile.open(this.fs, `${this.path}/${cursorName}`, this.#generation);
      this.#cursor.write(position);
      this.#crash('cursor-written');
    } catch {
      // Told by whoever writes records to the same disk.
    }
  }

  unlinkSegment(file: SegmentFile): void {
    file.unlink();
    this.#crash('segment-unlinked');
  }

  /** Keeps a settled segment's file for the next one, or removes it. */
  spareSegment(file: SegmentFile): void {
    if (this.#spare.keep(file)) this.#crash('segment-unlinked');
    else this.unlinkSegment(file);
  }

  dropSpare(): void {
    this.#spare.drop();
  }

  /** Undefined while the directory that was made is under the path that was given. */
  lossOf(inode: number): 'gone' | 'locked' | undefined {
    try {
      const stat = this.fs.lstatSync(this.path);
      return stat.isDirectory() && stat.ino === inode ? undefined : 'gone';
    } catch (error) {
      return isCode(error, 'EACCES', 'EPERM') ? 'locked' : 'gone';
    }
  }

  /** Whether a file of so many bytes can be made and written here. */
  probe(bytes: number): boolean {
    const path = `${this.path}/.probe`;
    try {
      const file = SegmentFile.create(this.fs, path);
      try {
        file.write(Buffer.alloc(bytes), 0, bytes);
      } finally {
        file.unlink();
      }
      return true;
    } catch {
      // As before: the reason was told when it began.
      return false;
    }
  }

  sync(done: (error: Error | undefined) => void): void {
    this.isDirty = false;
    syncDirectory(this.fs, this.path, done);
  }

  /** Closes what is open in a directory that was deleted or replaced: what lies under its path now is not ours. */
  leave(): void {
    this.#spare.forget();
    this.close();
  }

  close(): void {
    this.#spare.drop();
    try {
      this.#cursor?.close();
    } catch {
      // Closed by somebody else.
    }
    this.#cursor = undefined;
  }

  /** Removes what has our names, then the directory if nothing else is in it. */
  remove(): boolean {
    this.close();
    try {
      for (const name of this.fs.readdirSync(this.path)) {
        if (isOwnEntry(name))
          this.fs.rmSync(`${this.path}/${name}`, { recursive: true, force: true });
      }
      this.fs.rmdirSync(this.path);
      this.#crash('dir-removed');
      return true;
    } catch {
      return false;
    }
  }
}

function isOwnEntry(name: string): boolean {
  if ([cursorName, ownerName, lockName, '.probe'].includes(name)) return true;
  return segmentNumber(name.replace(/^\./, '')) !== undefined || isHiddenId(name);
}

export function syncDirectory(
  fs: FileSystem,
  path: string,
  done: (error: Error | undefined) => void,
): void {
  let fd: number;
  try {
    fd = fs.openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  } catch (error) {
    done(error instanceof Error ? error : new Error(String(error)));
    return;
  }
  fs.fsync(fd, (error) => {
    fs.closeSync(fd);
    done(error ?? undefined);
  });
}
