// The soak's lines: one every ten seconds, and the verdict.

import type { Verdict } from './arrivals.ts';
import type { Flatness } from './flat.ts';
import type { Tally } from './receiver.ts';
import type { Sample } from './sample.ts';

const mebibyte = 1024 * 1024;

export const countOf = (count: number): string => count.toLocaleString('en-US');
export const sizeOf = (bytes: number): string => `${(bytes / mebibyte).toFixed(1)} MiB`;

export function clockOf(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export interface Moment {
  readonly ms: number;
  readonly weather: string;
  readonly kills: number;
  readonly accepted: number;
  readonly diskBytes: number;
  readonly tally: Tally;
  readonly samples: readonly Sample[];
}

export function momentLine(moment: Moment): string {
  const { accepted, diskBytes, kills, ms, samples, tally, weather } = moment;
  const processes = samples.map(
    ({ descriptors, external, handles, heap, rss, timers, writer }) =>
      `${writer}: rss ${sizeOf(rss)}, heap ${sizeOf(heap)}, buffers ${sizeOf(external)}, ${handles} handles, ${timers} timers, ${descriptors} fds`,
  );
  return [
    `${clockOf(ms).padStart(5)}  logged ${countOf(accepted)}, arrived ${countOf(tally.arrived)}, twice ${countOf(tally.repeats)}`,
    `disk ${sizeOf(diskBytes)}`,
    `kills ${kills}`,
    ...processes,
    weather,
  ].join(' | ');
}

export interface Check {
  readonly name: string;
  readonly isGood: boolean;
  readonly figure: string;
}

export function arrivalChecks(verdicts: readonly Verdict[], tally: Tally): Check[] {
  const sum = (of: (verdict: Verdict) => number): number =>
    verdicts.reduce((total, verdict) => total + of(verdict), 0);
  const accepted = sum((one) => one.accepted);
  const arrived = sum((one) => one.arrived);
  const lost = sum((one) => one.lost);
  const invented = sum((one) => one.invented);
  return [
    {
      name: 'lost',
      isGood: lost === 0 && accepted > 0,
      figure: `${countOf(lost)} of ${countOf(accepted)}`,
    },
    {
      name: 'repeats altered',
      isGood: tally.altered === 0,
      figure: `${countOf(tally.altered)} of ${countOf(tally.repeats)}`,
    },
    { name: 'out of order', isGood: tally.disordered === 0, figure: countOf(tally.disordered) },
    {
      name: 'accepted = arrived, over all processes',
      isGood: accepted === arrived + lost && invented === 0,
      figure: `${countOf(accepted)} = ${countOf(arrived)}`,
    },
  ];
}

export function flatChecks(flats: readonly Flatness[]): Check[] {
  return flats.map(({ after, before, isFlat, name }) => {
    const text = (value: number): string => (value > 10_000 ? sizeOf(value) : String(value));
    return { name: `${name} flat`, isGood: isFlat, figure: `${text(before)}, then ${text(after)}` };
  });
}

export function checkLines(checks: readonly Check[]): string[] {
  const width = Math.max(...checks.map(({ name }) => name.length));
  return checks.map(
    ({ figure, isGood, name }) => `${isGood ? 'ok  ' : 'BAD '} ${name.padEnd(width)}  ${figure}`,
  );
}
