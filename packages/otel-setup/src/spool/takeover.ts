// Takes dead processes' directories over for the command line, by the same rename and under the same lock as a
// starting process would: nobody else reads, sends or removes them meanwhile.

import { basename } from 'node:path';
import type { Definition } from '../record/batch.ts';
import { Context } from './context.ts';
import { DefinitionTable } from './definition-table.ts';
import { Directory } from './directory.ts';
import type { StoreParts } from './directory-store.ts';
import { ImagePool } from './image.ts';
import { list } from './inspect.ts';
import { createId, isDirectoryId } from './layout.ts';
import { askLock, bindLock, type Lock } from './lock.ts';
import type { Queue, SpoolOptions } from './options.ts';
import { ownerOf, writeOwner } from './owner-file.ts';
import { Quarantine } from './quarantine.ts';
import { type Recovered, recover } from './recover.ts';
import { isCode } from './segment-file.ts';

export interface TakeoverOptions
  extends Pick<SpoolOptions, 'owner' | 'report' | 'service' | 'world'> {
  /** The service's place, where the directories are. */
  readonly servicePath: string;
  /** For records whose own resource is damaged. */
  readonly fallback: Definition;
}

interface Taken {
  readonly from: string;
  readonly path: string;
}

export class Takeover {
  readonly #context: Context;
  readonly #parts: StoreParts;
  readonly #servicePath: string;
  readonly #id: string;
  readonly #home: Directory;
  readonly #lock: Lock;
  readonly #taken: Taken[] = [];
  #list: Recovered[] = [];

  /** Throws when the place cannot be written to. */
  constructor(options: TakeoverOptions) {
    const { servicePath, fallback, ...given } = options;
    const config = { durability: 'record', roots: [], maxBytes: undefined, onKubernetes: false };
    const context = new Context({ ...given, config: { ...config, durability: 'record' } });
    this.#context = context;
    this.#servicePath = servicePath;
    this.#id = createId(context.random, 0);
    const ownTable = new DefinitionTable();
    ownTable.define(fallback);
    const quarantine = new Quarantine(context, () => ({ servicePath, id: this.#id }));
    this.#parts = { context, pool: new ImagePool(), quarantine, ownTable };
    const hidden = `${servicePath}/.${this.#id}`;
    context.fs.mkdirSync(hidden, { mode: 0o700 });
    this.#home = new Directory(context.fs, hidden, context.crash);
    try {
      this.#lock = bindLock(context.fs, hidden);
      writeOwner(context.fs, hidden, ownerOf(context.options));
      this.#home.path = `${servicePath}/${this.#id}`;
      context.fs.renameSync(hidden, this.#home.path);
    } catch (error) {
      this.#home.path = hidden;
      this.#home.remove();
      throw error;
    }
  }

  /** False when a process is at it, or somebody was quicker. With `nested`, what it holds comes along. */
  async take(from: string, nested = true): Promise<boolean> {
    const { clock, fs } = this.#context;
    if ((await askLock(fs, clock, from)) !== 'dead') return false;
    const path = `${this.#home.path}/${basename(from)}`;
    try {
      fs.renameSync(from, path);
    } catch (error) {
      if (isCode(error, 'ENOENT', 'ENOTEMPTY', 'EEXIST')) return false;
      throw error;
    }
    this.#taken.push({ from: `${this.#servicePath}/${basename(from)}`, path });
    const ids = nested ? list(fs, path).filter((name) => isDirectoryId(name)) : [];
    for (const id of ids) await this.take(`${path}/${id}`);
    return true;
  }

  /** Opens all that was taken as queues. Those that cannot be read now are put back at the end. */
  open(): void {
    for (const { path } of this.#taken) {
      const recovered = recover(this.#parts, path, basename(path));
      if (recovered.queue.pending > 0) this.#list.push(recovered);
      else recovered.directory.remove();
    }
    this.#list.sort((one, other) => one.oldestMs - other.oldestMs);
  }

  get pending(): number {
    return this.#list.reduce((sum, { queue }) => sum + queue.pending, 0);
  }

  next(): Queue | undefined {
    for (const { directory, queue } of this.#list) if (queue.pending === 0) directory.remove();
    this.#list = this.#list.filter(({ queue }) => queue.pending > 0);
    return this.#list.find(({ store }) => !store.mustRetry)?.queue;
  }

  /** What could not be read for want of a descriptor is tried again. */
  retry(): void {
    for (const { store } of this.#list) store.mustRetry = false;
  }

  /** Removes what was taken, records and all. Throws when it is not allowed to. */
  removeAll(): void {
    for (const { path } of this.#taken.reverse()) {
      this.#context.fs.rmSync(path, { recursive: true, force: true });
    }
  }

  /** What is left goes back to where it lay. */
  close(): void {
    const { fs } = this.#context;
    this.next();
    for (const { directory } of this.#list) directory.close();
    for (const { from, path } of this.#taken) {
      try {
        if (fs.existsSync(path)) fs.renameSync(path, from);
      } catch {
        // Then it stays in ours, which is a dead process's directory from now on.
      }
    }
    this.#lock.release();
    this.#home.remove();
  }
}
