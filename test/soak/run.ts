// `npm run soak -- --minutes 30`: logs for a while through outages, kills and slow answers, and judges what arrived and
// whether memory, handles and disk stay where they are.

import { randomInt } from 'node:crypto';
import { commandFolder, exitAt, keepFolder } from '../command-folder.ts';
import { readOptions, refuse } from '../command-options.ts';
import { type Allowance, judgeFlat } from './flat.ts';
import {
  arrivalChecks,
  type Check,
  checkLines,
  clockOf,
  countOf,
  flatChecks,
  momentLine,
  sizeOf,
} from './report.ts';
import { sumOf } from './sample.ts';
import { type Outcome, type Reading, Soak } from './soak.ts';
import { seeded } from './weather.ts';

const usage = `npm run soak [-- --minutes <30> --rate <records per second, 2000> --seed 4711]
  0.5 minutes are a quick look; a seed brings the same outages and kills again`;
const values = readOptions(usage, {
  minutes: { type: 'string', default: '30' },
  rate: { type: 'string', default: '2000' },
  seed: { type: 'string' },
});
const ms = Number(values.minutes) * 60_000;
const rate = Number(values.rate);
const seed = Number(values.seed ?? randomInt(1, 2 ** 31));
if (!(ms > 0) || !(rate > 0) || !Number.isSafeInteger(seed)) {
  refuse(usage, 'Minutes and rate take a number above 0, the seed an integer.');
}

const mebibyte = 1024 * 1024;
// Storms come as they come: their own height is no growth. The low end of a third shows what stays behind.
const watched: readonly [string, (reading: Reading) => number, Allowance][] = [
  ['rss', ({ rss }) => rss, { quantile: 0.5, slack: 6 * mebibyte, share: 0.1 }],
  ['heap', ({ heap }) => heap, { quantile: 0.25, slack: 2 * mebibyte, share: 0.1 }],
  ['buffers', ({ external }) => external, { quantile: 0.25, slack: 4 * mebibyte, share: 0.1 }],
  ['handles', ({ handles }) => handles, { quantile: 0.5, slack: 2, share: 0 }],
  ['timers', ({ timers }) => timers, { quantile: 0.5, slack: 2, share: 0 }],
  ['descriptors', ({ descriptors }) => descriptors, { quantile: 0.25, slack: 2, share: 0 }],
  ['disk', ({ diskBytes }) => diskBytes, { quantile: 0.05, slack: 2 * mebibyte, share: 0 }],
];

const folder = commandFolder('soak');
const soak = new Soak({ ms, rate, random: seeded(seed), folder });
exitAt('SIGTERM');
process.once('SIGINT', () => {
  exitAt('SIGINT');
  soak.stop();
});
console.log(
  `${clockOf(ms)} at ${countOf(rate)} records/s, seed ${seed}. Ctrl-C ends it early, with its verdict.`,
);
const started = performance.now();
const line = (): void =>
  console.log(
    momentLine({
      ms: performance.now() - started,
      weather: soak.sky,
      kills: soak.kills,
      accepted: soak.accepted,
      diskBytes: soak.diskBytes,
      tally: soak.tally,
      samples: [...soak.samples.values()],
    }),
  );
const timer = setInterval(line, 10_000);
const outcome = await soak.run();
clearInterval(timer);
line();

const checks = [
  ...arrivalChecks(outcome.verdicts, outcome.tally),
  ...ledgerChecks(outcome),
  ...flatChecks(
    watched.map(([name, of, allowance]) => judgeFlat(name, outcome.readings.map(of), allowance)),
  ),
];
console.log(`\n${checkLines(checks).join('\n')}`);
const isGood = checks.every((check) => check.isGood);
const statuses = Object.entries(outcome.tally.statuses).map(
  ([status, count]) => `${countOf(count)} × ${status === '0' ? 'none' : status}`,
);
const highest = outcome.readings.reduce((most, { rss }) => Math.max(most, rss), 0);
console.log(
  `\n${outcome.kills} kills and restarts, answers ${statuses.join(', ')}, highest rss ${sizeOf(highest)}.`,
);
if (outcome.readings.length < 90)
  console.log('A quick look: a leak shows in ten minutes and more.');
console.log(isGood ? 'Passed.' : `FAILED. Again: --seed ${seed}. What is left: ${folder}`);
if (!isGood) keepFolder(folder);
process.exitCode = isGood ? 0 : 1;

function ledgerChecks({ ends, inexact, leftBytes }: Outcome): Check[] {
  const differences = ends.map(({ logged, sample }) => {
    if (sample === undefined) return 'a process did not end by itself';
    const { accepted, adopted, delivered, dropped, pending } = sample.ledger;
    const isRight =
      accepted === logged && delivered === logged && pending === 0 && adopted.pending === 0;
    return isRight && sumOf(dropped) + sumOf(adopted.dropped) === 0
      ? ''
      : `${sample.writer}: logged ${logged}, ${JSON.stringify(sample.ledger)}`;
  });
  const wrong = differences.filter(Boolean);
  return [
    {
      name: 'ledger at the end',
      isGood: wrong.length === 0,
      figure: wrong.join('; ') || 'accepted = delivered = logged, nothing dropped',
    },
    { name: 'ledger in every sample', isGood: inexact === 0, figure: `${inexact} inexact` },
    { name: 'spool empty at the end', isGood: leftBytes === 0, figure: sizeOf(leftBytes) },
  ];
}
