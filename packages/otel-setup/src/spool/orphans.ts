// The directories of dead processes: found, taken over by rename, drained oldest first.

import type { Stats } from 'node:fs';
import type { FileSystem } from '../world.ts';
import type { Context } from './context.ts';
import { Directory } from './directory.ts';
import type { StoreParts } from './directory-store.ts';
import { Finds } from './finds.ts';
import type { Home } from './home.ts';
import { isDirectoryId, isHiddenId } from './layout.ts';
import { askLock } from './lock.ts';
import type { DropReason, Queue } from './options.ts';
import { type Recovered, recover } from './recover.ts';
import type { Strangers } from './strangers.ts';

const hiddenAgeMs = 60_000;

export interface OrphanParts {
  readonly context: Context;
  readonly home: () => Home | undefined;
  readonly store: StoreParts;
  readonly strangers: Strangers;
}

export class Orphans {
  readonly #parts: OrphanParts;
  // Taken now: a test of the application may replace it.
  readonly #immediate = globalThis.setImmediate;
  #list: Recovered[] = [];
  readonly #unopened = new Map<string, Home>();
  readonly #strange = new Set<string>();
  #isScanning = false;
  #isWanted = false;
  readonly #finds: Finds;

  constructor(parts: OrphanParts) {
    this.#parts = parts;
    this.#finds = new Finds(parts.context);
  }

  get pending(): number {
    return this.#list.reduce((sum, { queue }) => sum + queue.pending, 0);
  }

  get diskBytes(): number {
    return this.#list.reduce((sum, { queue }) => sum + bytesOf(queue), 0);
  }

  get isEmpty(): boolean {
    return this.#list.length === 0 && this.#unopened.size === 0;
  }

  /** One at a time, a turn each: a start among hundreds of them stays quick. */
  async scan(): Promise<void> {
    this.#isWanted = true;
    if (this.#isScanning) return;
    this.#isScanning = true;
    try {
      while (this.#isWanted) await this.#scanOnce();
    } finally {
      this.#isScanning = false;
    }
  }

  /** In place of a scan, where nothing is taken from the disk. */
  async tellLeftBehind(): Promise<void> {
    await this.#parts.strangers.tellOwn();
  }

  async #scanOnce(): Promise<void> {
    this.#isWanted = false;
    const home = this.#parts.home();
    if (home === undefined) return;
    for (const name of this.#candidates(home)) {
      await this.#look(home, name);
      // A refused connection is known within the turn: without this all of them would share one.
      await this.#nextTurn();
    }
    this.#finds.tell();
    await this.#parts.strangers.tell(home);
  }

  next(): Queue | undefined {
    this.sweep();
    return this.#list.find(({ store }) => !store.mustRetry)?.queue;
  }

  /** Removes the directories that are drained. */
  sweep(): void {
    const drained = this.#list.filter(({ queue }) => queue.pending === 0);
    if (drained.length === 0) return;
    this.#list = this.#list.filter(({ queue }) => queue.pending > 0);
    for (const { directory } of drained) directory.remove();
  }

  /** True when there is something to read again that could not be read before. */
  retry(): boolean {
    for (const [name, home] of [...this.#unopened]) {
      this.#unopened.delete(name);
      const path = `${home.directory.path}/${name}`;
      if (home === this.#parts.home()) this.#open(home, path, name);
    }
    this.#finds.tell();
    const stuck = this.#list.filter(({ store }) => store.mustRetry);
    for (const { store } of stuck) store.mustRetry = false;
    return stuck.length > 0;
  }

  /** Gives the oldest segment of all up; the bytes that frees, 0 when there is none. */
  dropOldest(reason: DropReason): number {
    for (const { queue } of this.#list) {
      const bytes = queue.dropOldest(reason);
      if (bytes > 0) return bytes;
    }
    return 0;
  }

  close(): void {
    this.sweep();
    for (const { directory } of this.#list) directory.close();
  }

  #candidates(home: Home): string[] {
    try {
      return this.#parts.context.fs
        .readdirSync(home.servicePath)
        .filter((name) => (isDirectoryId(name) && name !== home.id) || isHiddenId(name));
    } catch {
      // The root was removed or locked; whoever writes to it tells.
      return [];
    }
  }

  async #look(home: Home, name: string): Promise<void> {
    const { clock, fs } = this.#parts.context;
    const path = `${home.servicePath}/${name}`;
    if (!this.#isOurs(path, isHiddenId(name))) return;
    if ((await askLock(fs, clock, path)) !== 'dead') return;
    if (home !== this.#parts.home()) return;
    try {
      if (isHiddenId(name)) this.#clear(home, name);
      else if (!this.#isStrange(path)) this.#adopt(home, path, name);
    } catch {
      // Somebody else was quicker, or its permissions forbid it: then it stays as it is.
    }
  }

  #nextTurn(): Promise<void> {
    return new Promise((resolve) => {
      this.#immediate(resolve).unref();
    });
  }

  #isOurs(path: string, isHidden: boolean): boolean {
    const { clock, fs } = this.#parts.context;
    const stat = lstat(fs, path);
    if (stat?.isDirectory() !== true || stat.uid !== process.getuid?.()) return false;
    return !isHidden || clock.now() - stat.mtimeMs > hiddenAgeMs;
  }

  #isStrange(path: string): boolean {
    if (this.#strange.has(path)) return true;
    if (!this.#parts.strangers.isForeign(path)) return false;
    this.#strange.add(path);
    this.#parts.strangers.tellFormat([path]);
    return true;
  }

  /** Left by a process that died while it made its directory: it never held a record. */
  #clear(home: Home, name: string): void {
    const { crash, fs } = this.#parts.context;
    const path = `${home.directory.path}/${name}`;
    fs.renameSync(`${home.servicePath}/${name}`, path);
    new Directory(fs, path, crash).remove();
  }

  /** The rename decides who of many gets it. */
  #adopt(home: Home, from: string, name: string): void {
    const path = `${home.directory.path}/${name}`;
    this.#parts.context.fs.renameSync(from, path);
    this.#open(home, path, name);
  }

  /** What it had adopted itself comes along. */
  #open(home: Home, path: string, name: string): void {
    const { fs, options } = this.#parts.context;
    let recovered: Recovered | undefined;
    try {
      for (const nested of fs.readdirSync(path)) {
        if (isDirectoryId(nested)) this.#adopt(home, `${path}/${nested}`, nested);
      }
      recovered = recover(this.#parts.store, path, name);
    } catch {
      // No descriptor is free: it is opened at the next tick, or by our own adopter.
    }
    if (recovered === undefined) {
      this.#unopened.set(name, home);
    } else if (recovered.queue.pending === 0) {
      recovered.directory.remove();
    } else {
      this.#finds.add(path, recovered);
      this.#list.push(recovered);
      this.#list.sort((one, other) => one.oldestMs - other.oldestMs);
      options.report.rewoken();
    }
  }
}

function lstat(fs: FileSystem, path: string): Stats | undefined {
  try {
    return fs.lstatSync(path, { throwIfNoEntry: false });
  } catch {
    // Not ours to look at.
    return undefined;
  }
}

function bytesOf(queue: Recovered['queue']): number {
  return queue.segments.reduce((sum, { file }) => sum + (file?.length ?? 0), 0);
}
