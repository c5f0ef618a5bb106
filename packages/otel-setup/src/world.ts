// What the pipeline takes from outside, passed in so that faults and time can be tested.

import { lookup, promises } from 'node:dns';
import * as fs from 'node:fs';
import type { LookupFunction } from 'node:net';
import { createLookup } from './deliver/lookup.ts';

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
 * The machine itself. What a test's fake timers replace later is taken now, so that delivery goes on
 * while fake time stands still.
 */
export function realWorld(): World {
  const { now } = Date;
  const { setTimeout: set, clearTimeout: clear, performance } = globalThis;
  const clock: Clock = {
    now,
    monotonic: () => performance.now(),
    setTimeout: (run, delayMs) => set(run, delayMs),
    clearTimeout: (timer) => clear(timer as NodeJS.Timeout),
  };
  return {
    clock,
    fs,
    lookup: createLookup({
      fs,
      clock,
      createResolver: (times) => new promises.Resolver(times),
      lookup: lookup as LookupFunction,
    }),
    random: Math.random,
  };
}
