// Finds the place for the spool: the first candidate that is a directory of ours which nobody else can change.

import type { Stats } from 'node:fs';
import { dirname } from 'node:path';
import type { FileSystem } from '../world.ts';

/** Makes what is missing of `path`, mode 0700, and throws a sentence when it is not fit for secrets. */
export function prepareRoot(fs: FileSystem, path: string): void {
  if (!fs.existsSync(path)) makeParents(fs, path);
  prepareDirectory(fs, path);
}

/** One by one: Node's `recursive` never comes to an end below /proc. */
function makeParents(fs: FileSystem, path: string): void {
  const missing: string[] = [];
  for (let parent = dirname(path); !fs.existsSync(parent); parent = dirname(parent)) {
    missing.unshift(parent);
  }
  for (const parent of missing) makeDirectory(fs, parent);
}

/** As `prepareRoot`, for a directory whose parent is there. */
export function prepareDirectory(fs: FileSystem, path: string): void {
  const stat = present(fs, path);
  if (stat === undefined) {
    makeDirectory(fs, path);
    return;
  }
  if (stat.isSymbolicLink()) throw new Error('It is a symbolic link.');
  if (!stat.isDirectory()) throw new Error('It is not a directory.');
  const uid = process.getuid?.();
  if (uid !== undefined && stat.uid !== uid) {
    throw new Error(`It belongs to user ${stat.uid}, not to ${uid}; name a directory below it.`);
  }
  if ((stat.mode & 0o022) !== 0) {
    const mode = (stat.mode & 0o777).toString(8);
    throw new Error(`Others may write to it (mode ${mode}); name a directory below it.`);
  }
}

function present(fs: FileSystem, path: string): Stats | undefined {
  // A trailing slash would make lstat follow the link.
  return fs.lstatSync(path.replace(/(?<=.)\/+$/, ''), { throwIfNoEntry: false });
}

/** mkdir's mode is cut by the umask: what it took is put back. */
export function makeDirectory(fs: FileSystem, path: string): void {
  try {
    fs.mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process of the service made it in this moment.
    if (present(fs, path)?.isDirectory() !== true) throw error;
  }
  if (((present(fs, path)?.mode ?? 0) & 0o777) !== 0o700) fs.chmodSync(path, 0o700);
}

/** Why each candidate will not do; the system's words end without a full stop. */
export function asSentences(problems: readonly string[]): string {
  return problems.map((one) => (/[.!?]$/.test(one) ? one : `${one}.`)).join(' ');
}
