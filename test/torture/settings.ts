// How the suite runs: its short or its long form, which of its tests, from which seed, against which pipeline.

import { randomInt } from 'node:crypto';

/** Of the failure model's tests, those that every `npm test` runs. */
const shortSet = new Set([
  ...['T01', 'T02', 'T04', 'T05', 'T09', 'T10', 'T15', 'T33', 'T40', 'T42'],
  ...['T20', 'T21', 'T22', 'T23', 'T24', 'T25', 'T26'],
]);

export const isShort: boolean = process.env.TORTURE !== 'long';

/** The upstream parts in our place: what they lose is counted, nothing is judged. */
export const isStock: boolean = process.env.TORTURE_PIPELINE === 'stock';

const only = (process.env.TORTURE_ONLY ?? '')
  .split(',')
  .map((id) => id.trim().toUpperCase())
  .filter((id) => id !== '');

/** `short` here, `long` under `npm run torture`. */
export function sized<T>(short: T, long: T): T {
  return isShort ? short : long;
}

/** Whether it was asked for; `left`: it would run, had the long form been asked for. */
export function isChosen(id: string, isLong: boolean): boolean | 'left' {
  if (only.length > 0 && !only.includes(id)) return false;
  if (!isShort) return true;
  const isInShortSet = only.length > 0 || shortSet.has(id) || id.startsWith('S');
  return isInShortSet && !isLong ? true : 'left';
}

/** How many ms pass for the process in one; upstream knows no other clock than the machine's. */
export function speeded(speed: number): number {
  return isStock ? 1 : speed;
}

export function chooseSeed(): number {
  const given = Number(process.env.TORTURE_SEED);
  return Number.isSafeInteger(given) && given > 0 ? given : randomInt(1, 2 ** 31);
}

/** A small generator in [0, 1) (mulberry32), so that a run can be had again. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
