// Whose directory it is, for people and for the next start: the file `owner.json`.

import { constants } from 'node:fs';
import type { FileSystem } from '../world.ts';
import { ownerName } from './layout.ts';
import type { SpoolOptions } from './options.ts';
import { readSmallFile } from './read-file.ts';

const maxBytes = 64 * 1024;

export interface OwnerFile {
  readonly format: 1;
  readonly pid: number;
  readonly host: string;
  /** ms since the epoch. */
  readonly startedAt: number;
  readonly version: string;
  readonly route: string;
  readonly origin: string;
  readonly service: SpoolOptions['service'];
}

export function ownerOf(options: SpoolOptions): OwnerFile {
  const { pid, host, version, route, origin } = options.owner;
  const { namespace, name, environment } = options.service;
  const startedAt = Math.floor(options.world.clock.now());
  const service = { namespace, name, environment };
  return { format: 1, pid, host, startedAt, version, route, origin, service };
}

export function writeOwner(fs: FileSystem, directory: string, owner: OwnerFile): void {
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  const path = `${directory}/${ownerName}`;
  const fd = fs.openSync(path, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, 0o600);
  try {
    fs.writeFileSync(fd, `${JSON.stringify(owner)}\n`);
  } finally {
    fs.closeSync(fd);
  }
}

/** What can be read of it; damage leaves nothing, and nothing depends on it. */
export function readOwner(
  fs: FileSystem,
  directory: string,
): { format?: unknown; route?: unknown; origin?: unknown; service?: { name?: unknown } } {
  try {
    const contents = readSmallFile(fs, `${directory}/${ownerName}`, maxBytes)?.toString() ?? '';
    const owner: unknown = JSON.parse(contents);
    return typeof owner === 'object' && owner !== null ? owner : {};
  } catch {
    // Torn or replaced: the records are what counts.
    return {};
  }
}
