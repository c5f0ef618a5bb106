// Whether a directory lies on something that was mounted, as a volume is, or on the root disk.

import { dirname } from 'node:path';
import type { FileSystem } from '../world.ts';

/** A directory that is not there yet counts as the nearest one above it. Undefined where the kernel does not tell. */
export function isOnMount(fs: FileSystem, directory: string): boolean | undefined {
  try {
    const real = fs.realpathSync(nearest(fs, directory));
    const mounts = fs.readFileSync('/proc/self/mountinfo', 'utf8').trimEnd().split('\n');
    return mounts.map(mountPoint).some((at) => at !== '/' && `${real}/`.startsWith(`${at}/`));
  } catch {
    // No /proc: another kind of system.
    return undefined;
  }
}

function nearest(fs: FileSystem, directory: string): string {
  let path = directory;
  // The root is its own parent, and may not be seen: by a process without the permission to read it.
  while (!fs.existsSync(path) && path !== dirname(path)) path = dirname(path);
  return path;
}

/** The fifth word; blanks and the like are octal there. */
function mountPoint(line: string): string {
  const [, , , , word = '/'] = line.split(' ');
  return word.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
