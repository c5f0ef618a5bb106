// What the pipeline takes from outside, passed in so that faults and time can be tested.

import type { LookupFunction } from 'node:net';

export interface Timer {
  ref(): unknown;
  unref(): unknown;
}

export interface Clock {
  /** Wall time in ms since the epoch; may jump. */
  now(): number;
  /** Milliseconds that never go back. */
  monotonic(): number;
  setTimeout(run: () => void, delayMs: number): Timer;
  clearTimeout(timer: Timer): void;
}

/** The part of `node:fs` that the spool uses. */
export type FileSystem = Pick<
  typeof import('node:fs'),
  | 'accessSync'
  | 'chmodSync'
  | 'closeSync'
  | 'existsSync'
  | 'fdatasync'
  | 'fdatasyncSync'
  | 'fstatSync'
  | 'fsync'
  | 'fsyncSync'
  | 'ftruncateSync'
  | 'lstatSync'
  | 'mkdirSync'
  | 'openSync'
  | 'readFileSync'
  | 'readSync'
  | 'readdirSync'
  | 'realpathSync'
  | 'renameSync'
  | 'rmSync'
  | 'rmdirSync'
  | 'statSync'
  | 'statfsSync'
  | 'unlinkSync'
  | 'write'
  | 'writeFileSync'
  | 'writeSync'
>;

export interface World {
  readonly clock: Clock;
  readonly fs: FileSystem;
  readonly lookup: LookupFunction;
  /** A number in [0, 1). */
  random(): number;
}

/**
 * Node's own queueMicrotask, taken when the package is loaded: fake timers put theirs in its place, which runs nothing
 * until the test says so.
 */
export const soon: typeof queueMicrotask = queueMicrotask;
