// A file system can have room and take no more files.

import type { FileSystem } from '../world.ts';

/** How many files it still takes; Infinity where it does not count them (btrfs, vfat), or does not say. */
export function freeInodes(fs: Pick<FileSystem, 'statfsSync'>, path: string): number {
  try {
    const { ffree, files } = fs.statfsSync(path);
    return files > 0 ? ffree : Number.POSITIVE_INFINITY;
  } catch {
    // What follows will tell.
    return Number.POSITIVE_INFINITY;
  }
}
