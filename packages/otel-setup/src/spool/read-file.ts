// Reads a file that damage or malice may have replaced: never follows a link, never waits on a pipe, never
// takes more than it was told to.

import { constants } from 'node:fs';
import type { FileSystem } from '../world.ts';
import { isCode } from './segment-file.ts';

const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Reads up to `maxBytes` into the buffer that `room` gives. `later`: the process is short of something;
 * `gone`: there is no such readable file.
 */
export function readInto(
  fs: FileSystem,
  path: string,
  maxBytes: number,
  room: (bytes: number) => Buffer,
): number | 'gone' | 'later' {
  let fd: number | undefined;
  try {
    fd = openOwn(fs, path);
    const stat = fs.fstatSync(fd);
    if (!stat.isFile()) return 'gone';
    const length = Math.min(stat.size, maxBytes);
    const buffer = room(length);
    let at = 0;
    while (at < length) {
      const read = fs.readSync(fd, buffer, at, length - at, at);
      if (read === 0) break;
      at += read;
    }
    return at;
  } catch (error) {
    return isCode(error, 'EMFILE', 'ENFILE', 'ENOMEM', 'EINTR', 'EAGAIN') ? 'later' : 'gone';
  } finally {
    if (fd !== undefined) fs.closeSync(fd);
  }
}

function openOwn(fs: FileSystem, path: string): number {
  try {
    return fs.openSync(path, flags);
  } catch (error) {
    if (!isCode(error, 'EACCES')) throw error;
    // Somebody took its mode away: it is ours, and no link (that would be ELOOP).
    fs.chmodSync(path, 0o600);
    return fs.openSync(path, flags);
  }
}

export function readSmallFile(fs: FileSystem, path: string, maxBytes: number): Buffer | undefined {
  let contents = Buffer.alloc(0);
  const length = readInto(fs, path, maxBytes, (bytes) => {
    contents = Buffer.alloc(bytes);
    return contents;
  });
  return typeof length === 'number' ? contents.subarray(0, length) : undefined;
}
