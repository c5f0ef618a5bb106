// A small file system of its own for one process, without root: a tmpfs in a mount namespace, seen from outside
// through the process that lives in it.

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import type { Case } from './case.ts';
import { inspectSpool } from './oracle/inspector.ts';
import type { TorturedProcess } from './process.ts';

const namespace = ['unshare', '-Urm'];

/** Why it cannot be had here, or undefined. */
export function missingDisk(): string | undefined {
  try {
    execFileSync('unshare', ['-Urm', 'mount', '-t', 'tmpfs', 'x', '/tmp'], { stdio: 'pipe' });
    return undefined;
  } catch {
    return 'user and mount namespaces (unshare -Urm)';
  }
}

/** A wrapper for a process whose spool root is a tmpfs of that size. */
export function smallDisk(c: Case, options: string): string[] {
  mkdirSync(c.spoolRoot, { recursive: true });
  const mount = `mount -t tmpfs -o mode=0700,${options} spool ${c.spoolRoot} && exec "$@"`;
  return [...namespace, '/bin/sh', '-c', mount, 'sh'];
}

/** A path as that process sees it. */
export function inside({ child }: TorturedProcess, path: string): string {
  return `/proc/${child.pid}/root${path}`;
}

/** The spool of that process. */
export function spoolInside(c: Case, process: TorturedProcess): ReturnType<typeof inspectSpool> {
  return inspectSpool(inside(process, c.spoolRoot));
}
