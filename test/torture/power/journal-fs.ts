// A file system that writes down what is done to it: every change, every sync, and when. From that follows what a
// disk may hold after the power went at any moment.

import * as real from 'node:fs';
import { normalize } from 'node:path';
import type { FileSystem } from '../../../packages/otel-setup/src/world.ts';
import type { HandClock } from './hand-clock.ts';

/** Files and directories go by numbers of their own, whatever their names; the root is 0. */
export type Change =
  | { readonly type: 'write'; readonly file: number; readonly at: number; readonly bytes: Buffer }
  | { readonly type: 'truncate'; readonly file: number; readonly size: number }
  | Entry;

/** A change of a directory's entries. */
export type Entry =
  | {
      readonly type: 'enter';
      readonly directory: number;
      readonly name: string;
      readonly file: number;
    }
  | { readonly type: 'leave'; readonly directory: number; readonly name: string }
  | {
      readonly type: 'rename';
      readonly directory: number;
      readonly from: string;
      readonly name: string;
      readonly file: number;
    };

export type Event = { readonly atMs: number } & (
  | Change
  /** What was done to this file, or to this directory's entries, before event `upTo` is durable from here on. */
  | { readonly type: 'synced'; readonly file: number; readonly upTo: number }
  | { readonly type: 'accepted' | 'settled'; readonly seq: number }
);

type Callback = (error: NodeJS.ErrnoException | null) => void;
type Unstamped = Event extends infer One ? (One extends Event ? Omit<One, 'atMs'> : never) : never;

const syncMs = 2;

export class JournalFs {
  readonly events: Event[] = [];
  readonly directories = new Set<number>([0]);
  readonly fs: FileSystem;
  /** The files for which `fdatasync` was called, in their order. */
  readonly syncs: number[] = [];
  /** The next `fdatasync` answers with this errno. */
  nextSyncError: string | undefined;
  readonly #clock: HandClock;
  readonly #numbers = new Map<string, number>();
  readonly #open = new Map<number, number>();
  readonly #sizes = new Map<number, number>();

  constructor(clock: HandClock, root: string) {
    this.#clock = clock;
    this.#numbers.set(root, 0);
    this.fs = { ...real, ...this.#files(), ...this.#names() } as unknown as FileSystem;
  }

  note(event: Unstamped): void {
    this.events.push({ ...event, atMs: this.#clock.timeMs } as Event);
  }

  #files(): Record<string, unknown> {
    return {
      openSync: (path: string, flags: number, mode?: number) => {
        const isNew = (flags & real.constants.O_CREAT) !== 0 && !real.existsSync(path);
        const fd = real.openSync(path, flags, mode);
        if (isNew) this.#enter(path);
        this.#open.set(fd, this.#numberOf(path));
        return fd;
      },
      closeSync: (fd: number) => {
        this.#open.delete(fd);
        real.closeSync(fd);
      },
      writeSync: (fd: number, bytes: Buffer, from = 0, length = bytes.length, at?: number) => {
        const written = real.writeSync(fd, bytes, from, length, at);
        this.#wrote(fd, Buffer.from(bytes.subarray(from, from + written)), at);
        return written;
      },
      writeFileSync: (fd: number, text: string) => {
        real.writeFileSync(fd, text);
        this.#wrote(fd, Buffer.from(text), undefined);
      },
      ftruncateSync: (fd: number, size: number) => {
        real.ftruncateSync(fd, size);
        const file = this.#fileOf(fd);
        this.#sizes.set(file, size);
        this.note({ type: 'truncate', file, size });
      },
      fdatasync: (fd: number, callback: Callback) => {
        this.syncs.push(this.#fileOf(fd));
        const code = this.nextSyncError;
        this.nextSyncError = undefined;
        this.#sync(fd, code, callback);
      },
      fsync: (fd: number, callback: Callback) => this.#sync(fd, undefined, callback),
    };
  }

  #names(): Record<string, unknown> {
    return {
      mkdirSync: (path: string, options: real.MakeDirectoryOptions) => {
        const made = real.mkdirSync(path, options);
        this.directories.add(this.#enter(path));
        return made;
      },
      renameSync: (from: string, to: string) => {
        real.renameSync(from, to);
        const file = this.#numberOf(from);
        const [directory, name] = this.#split(to);
        this.note({ type: 'rename', directory, from: this.#split(from)[1], name, file });
        for (const [path, number] of [...this.#numbers]) {
          if (path !== from && !path.startsWith(`${from}/`)) continue;
          this.#numbers.delete(path);
          this.#numbers.set(to + path.slice(from.length), number);
        }
      },
      unlinkSync: (path: string) => {
        real.unlinkSync(path);
        this.#leave(path);
      },
      rmdirSync: (path: string) => {
        real.rmdirSync(path);
        this.#leave(path);
      },
      rmSync: (path: string, options: real.RmOptions) => {
        const isThere = real.existsSync(path);
        real.rmSync(path, options);
        if (isThere) this.#leave(path);
      },
    };
  }

  /** Durable is what was done before the call, and from the moment of the answer. */
  #sync(fd: number, code: string | undefined, callback: Callback): void {
    const file = this.#fileOf(fd);
    const upTo = this.events.length;
    this.#clock.setTimeout(() => {
      if (code === undefined) this.note({ type: 'synced', file, upTo });
      callback(code === undefined ? null : Object.assign(new Error(code), { code }));
    }, syncMs);
  }

  #wrote(fd: number, bytes: Buffer, at: number | undefined): void {
    const file = this.#fileOf(fd);
    const size = this.#sizes.get(file) ?? 0;
    const from = at ?? size;
    this.#sizes.set(file, Math.max(size, from + bytes.length));
    this.note({ type: 'write', file, at: from, bytes });
  }

  #enter(path: string): number {
    const [directory, name] = this.#split(path);
    const file = this.events.length + 1;
    this.#numbers.set(path, file);
    this.note({ type: 'enter', directory, name, file });
    return file;
  }

  #leave(path: string): void {
    this.#numbers.delete(path);
    const [directory, name] = this.#split(path);
    this.note({ type: 'leave', directory, name });
  }

  #fileOf(fd: number): number {
    const file = this.#open.get(fd);
    if (file === undefined) throw new Error(`the descriptor ${fd} was opened by somebody else`);
    return file;
  }

  #numberOf(path: string): number {
    const number = this.#numbers.get(normalize(path));
    if (number === undefined) throw new Error(`${path} was made by somebody else`);
    return number;
  }

  #split(path: string): [directory: number, name: string] {
    const at = path.lastIndexOf('/');
    return [this.#numbers.get(path.slice(0, at)) ?? Number.NaN, path.slice(at + 1)];
  }
}
