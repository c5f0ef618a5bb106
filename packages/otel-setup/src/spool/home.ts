// Makes this process's directory. It is made under a hidden name and renamed once its lock is bound: a visible
// directory always has had one.

import { Directory } from './directory.ts';
import { createId, serviceKey, versionDirectory } from './layout.ts';
import { bindLock, type Lock } from './lock.ts';
import type { SpoolOptions } from './options.ts';
import { ownerOf, writeOwner } from './owner-file.ts';
import { prepareDirectory, prepareRoot } from './root.ts';
import { isCode } from './segment-file.ts';

export interface Home {
  readonly root: string;
  readonly rootFrom: string;
  /** `<root>/v1/<service>`, where the directories of this service's processes are. */
  readonly servicePath: string;
  readonly id: string;
  readonly inode: number;
  readonly directory: Directory;
  readonly lock: Lock;
}

/** A home under the first root that will have one, or why each would not. */
export function openHome(options: SpoolOptions): Home | { readonly problems: string[] } {
  const problems: string[] = [];
  if (process.platform === 'win32') return { problems: ['Windows: records are kept in memory.'] };
  for (const root of options.config.roots) {
    try {
      return openIn(options, root);
    } catch (error) {
      problems.push(`${root.path} (${root.from}): ${reason(error)}`);
    }
  }
  return { problems };
}

function openIn(options: SpoolOptions, root: SpoolOptions['config']['roots'][number]): Home {
  const { fs } = options.world;
  prepareRoot(fs, root.path);
  const servicePath = [versionDirectory, serviceKey(options.service)].reduce((parent, name) => {
    prepareDirectory(fs, `${parent}/${name}`);
    return `${parent}/${name}`;
  }, root.path);
  const id = freeId(options, servicePath);
  const hidden = `${servicePath}/.${id}`;
  let lock: Lock | undefined;
  fs.mkdirSync(hidden, { mode: 0o700 });
  const directory = new Directory(fs, hidden, (point) => options.crashPoint?.(point));
  try {
    // A strange umask must not lock us out of our own directory.
    fs.chmodSync(hidden, 0o700);
    options.crashPoint?.('dir-made');
    lock = bindLock(fs, hidden);
    options.crashPoint?.('lock-bound');
    describe(options, directory);
    options.crashPoint?.('owner-written');
    const inode = fs.lstatSync(hidden).ino;
    directory.path = `${servicePath}/${id}`;
    fs.renameSync(hidden, directory.path);
    options.crashPoint?.('renamed');
    return { root: root.path, rootFrom: root.from, servicePath, id, inode, directory, lock };
  } catch (error) {
    lock?.release();
    directory.path = hidden;
    directory.remove();
    throw error;
  }
}

// A disk that is full must not keep us from sending, and so removing, what fills it. Nobody depends on the owner's
// file, and the cursor is made at its first use.
function describe(options: SpoolOptions, directory: Directory): void {
  const { fs } = options.world;
  try {
    writeOwner(fs, directory.path, ownerOf(options));
    directory.createCursor();
  } catch (error) {
    if (!isCode(error, 'ENOSPC', 'EDQUOT')) throw error;
  }
}

function freeId(options: SpoolOptions, servicePath: string): string {
  const { fs, random } = options.world;
  for (let attempt = 0; attempt < 100; attempt++) {
    const id = createId(random, attempt);
    if (!fs.existsSync(`${servicePath}/${id}`) && !fs.existsSync(`${servicePath}/.${id}`))
      return id;
  }
  throw new Error('No free name was found below it.');
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
