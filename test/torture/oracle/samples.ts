// What a process said about itself: its ledger every 100 ms and after each step, and its notices. A file each, a
// line of JSON an entry; a torn last line of a killed process counts as not written.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Counts {
  readonly accepted: number;
  readonly delivered: number;
  readonly pending: number;
  readonly dropped: Readonly<Record<string, number>>;
}

export interface Sample extends Counts {
  /** Taken when all that the process will log was logged. */
  readonly isLast: boolean;
  /** How many log calls had returned. */
  readonly logged: number;
  readonly adopted: Counts;
  /** The same as the metrics tell it; missing where nothing is measured. */
  readonly metrics?: Counts;
}

export interface NoticeLine {
  readonly code: string;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  /** Of the process's own monotonic clock. */
  readonly atMs: number;
}

export type ByWriter<T> = ReadonlyMap<string, readonly T[]>;

export function readLines<T>(folder: string): ByWriter<T> {
  return new Map(readdirSync(folder).map((name) => [name, linesOf<T>(join(folder, name))]));
}

function linesOf<T>(path: string): T[] {
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

export function sumOf(dropped: Counts['dropped']): number {
  return Object.values(dropped).reduce((sum, count) => sum + count, 0);
}
