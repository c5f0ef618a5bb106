// Where the commands look: the directory that was named, or those that the environment names for this user.

import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Host } from '../../config/host.ts';
import { loadConfig } from '../../config/load-config.ts';
import { findPlaces, type Place, type Unread } from '../../spool/inspect.ts';
import type { World } from '../../world.ts';

export interface Root {
  readonly path: string;
  /** The setting that named it. */
  readonly from: string;
  readonly places: readonly Place[];
}

/** Where a command looks. */
export interface Where {
  /** The directory that was named. */
  readonly dir: string | undefined;
  readonly host: Host;
  /** The words that make another command look there too, each with a blank before it. */
  readonly again: string;
  /** Is told of what lies there and cannot be read. */
  readonly unread: Unread;
}

/** Throws for a named directory that cannot be read; defaults that are not there are left out. */
export async function findRoots(world: World, { dir, host, unread }: Where): Promise<Root[]> {
  const candidates =
    dir === undefined ? loadConfig({}, host).spool.roots : [{ path: resolve(dir), from: '--dir' }];
  const roots: Root[] = [];
  for (const { path, from } of candidates) {
    if (!canRead(path, dir !== undefined)) continue;
    roots.push({ path, from, places: await findPlaces(world.fs, world.clock, path, unread) });
  }
  return roots;
}

/** In words, for when nothing was found. */
export function lookedIn({ dir, host }: Where): string {
  if (dir !== undefined) return resolve(dir);
  const { roots } = loadConfig({}, host).spool;
  return roots.map(({ path, from }) => `${path} (${from})`).join(', ');
}

function canRead(path: string, isNamed: boolean): boolean {
  try {
    readdirSync(path);
    return true;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (isMissing && !isNamed) return false;
    throw new Error(`${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
