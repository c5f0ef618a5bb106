// The process as loadConfig() sees it; the only place of the pipeline that reads process.env.

import { randomUUID } from 'node:crypto';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { homedir, hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isatty } from 'node:tty';

export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether standard output is a terminal. */
  readonly isTerminal: boolean;
  /** `/` where it was deleted. */
  cwd(): string;
  /** Undefined where the file is missing or not readable. */
  readTextFile(path: string): string | undefined;
  /** The bytes of a file of at most `maxBytes`, or why they are not to be had. */
  readFile(path: string, maxBytes: number): Uint8Array | string;
  /** Empty where the answer is not to be had, like homedir(). */
  hostname(): string;
  tmpdir(): string;
  homedir(): string;
  /** Undefined on Windows. */
  readonly uid: number | undefined;
  /** The application's entry file; where Node was given a folder, any file in it. */
  readonly argv1: string | undefined;
  /** A new one at each call; letters, digits and dashes. */
  randomId(): string;
}

export function readHost(): Host {
  return {
    env: { ...process.env },
    isTerminal: isatty(1),
    cwd: () => orElse('/', () => process.cwd()),
    readTextFile: (path) => orElse(undefined, () => readFileSync(path, 'utf8')),
    readFile,
    hostname: () => orElse('', hostname),
    tmpdir: () => orElse('/tmp', tmpdir),
    homedir: () => orElse('', homedir),
    uid: process.getuid?.(),
    argv1: entryFile(process.argv[1]),
    randomId: randomUUID,
  };
}

/** `node .` leaves the folder there, and a command its link. */
function entryFile(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  return orElse(given, () => {
    const path = realpathSync(given);
    return statSync(path).isDirectory() ? join(path, 'index.js') : path;
  });
}

function readFile(path: string, maxBytes: number): Uint8Array | string {
  try {
    // Asked before it is opened: a pipe would wait for its writer.
    const found = statSync(path);
    if (!found.isFile()) return 'it is no file';
    return found.size > maxBytes ? `it is larger than ${maxBytes} bytes` : readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? 'there is no such file' : String(code ?? error);
  }
}

function orElse<T>(fallback: T, read: () => T): T {
  try {
    return read();
  } catch {
    // A deleted working directory, a user without an entry in passwd: the caller goes on without.
    return fallback;
  }
}
