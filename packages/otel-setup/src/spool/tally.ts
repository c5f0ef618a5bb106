// What lies below a directory: bytes, and since when.

import type { FileSystem } from '../world.ts';

// <version>/<service>/<id>/<adopted id>/<file>, or <version>/<service>/quarantine/<file>
const maxDepth = 4;

export interface Tally {
  bytes: number;
  /** Wall time in ms of the last change of the file that was changed longest ago. */
  oldestMs: number;
}

export function tally(fs: FileSystem, path: string): Tally {
  const sum: Tally = { bytes: 0, oldestMs: Number.POSITIVE_INFINITY };
  count(fs, path, 0, sum);
  return sum;
}

function count(fs: FileSystem, path: string, depth: number, sum: Tally): void {
  try {
    for (const entry of fs.readdirSync(path, { withFileTypes: true })) {
      const child = `${path}/${entry.name}`;
      if (entry.isDirectory() && depth < maxDepth) count(fs, child, depth + 1, sum);
      if (!entry.isFile()) continue;
      const stat = fs.lstatSync(child, { throwIfNoEntry: false });
      sum.bytes += stat?.size ?? 0;
      sum.oldestMs = Math.min(sum.oldestMs, stat?.mtimeMs ?? sum.oldestMs);
    }
  } catch {
    // It went away while it was read, or is not ours to read.
  }
}
