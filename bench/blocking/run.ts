// `npm run bench:blocking`: a log call that waits for its request, beside one that does not.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { commandFolder, exitAt } from '../../test/command-folder.ts';
import { readOptions } from '../../test/command-options.ts';
import { quantile } from '../load.ts';
import { Endpoint } from './endpoint.ts';

const python = process.env.PYTHON ?? 'python3';
const here = import.meta.dirname;
/** Milliseconds before an answer: the same machine, and a region not far away. */
const delays = [0, 20];
const calls = 500;
const rounds = 3;

type Start = (endpoint: Endpoint, directory: string) => ChildProcess;

const contenders: readonly (readonly [name: string, start: Start])[] = [
  [
    'python-logging-loki',
    ({ url }) =>
      run(python, [join(here, 'python_logging_loki.py'), `${url}/loki/api/v1/push`, `${calls}`]),
  ],
  [
    'otel-setup',
    ({ url }, directory) =>
      run(process.execPath, [join(here, 'otel-setup.ts'), url, `${calls}`, directory]),
  ],
];

function run(command: string, args: readonly string[]): ChildProcess {
  return spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] });
}

interface Trial {
  readonly tookMs: readonly number[];
  readonly received: number;
}

/** Away: the endpoint refuses connections during the calls, and is back afterwards. */
async function measure(start: Start, delayMs: number, isAway: boolean): Promise<Trial> {
  const directory = mkdtempSync(join(root, 'trial-'));
  const endpoint = new Endpoint(delayMs);
  await endpoint.open();
  if (isAway) await endpoint.close();
  const child = start(endpoint, directory);
  const closed = once(child, 'close');
  const tookMs = JSON.parse(await arrayFrom(child)) as number[];
  if (isAway) await endpoint.open();
  child.stdin?.end();
  await closed;
  await endpoint.close();
  return { tookMs, received: endpoint.received };
}

/** A child says one JSON array, and may live on behind it. */
async function arrayFrom(child: ChildProcess): Promise<string> {
  let said = '';
  for await (const chunk of child.stdout?.setEncoding('utf8') ?? []) {
    said += chunk;
    if (said.includes(']')) break;
  }
  return said;
}

function inMs(values: readonly number[], share: number): string {
  return `${quantile(values, share).toPrecision(2)} ms`;
}

readOptions('npm run bench:blocking   takes no options; PYTHON names the Python to run', {});
if (spawnSync(python, ['-c', 'import logging_loki']).status !== 0) {
  process.stderr.write(
    'This needs Python 3 with python-logging-loki:\n' +
      '  python3 -m venv .venv && .venv/bin/pip install python-logging-loki==0.3.1\n' +
      '  PYTHON=.venv/bin/python npm run bench:blocking\n',
  );
  process.exit(1);
}
const root = commandFolder('bench');
exitAt('SIGINT', 'SIGTERM');
const version = spawnSync(python, ['--version'], { encoding: 'utf8' }).stdout.trim();
const [cpu] = cpus();
process.stdout.write(
  `${cpu?.model.trim() ?? 'unknown CPU'} × ${cpus().length}, Node ${process.version}, ${version}. ` +
    `${new Date().toISOString().slice(0, 10)}, ${rounds} rounds of ${calls} calls, load ${(loadavg()[0] ?? 0).toFixed(1)}.\n\n` +
    '| the endpoint | library | p50 of a call | p99 of a call | arrived |\n|---|---|---|---|---|\n',
);
const cases = [
  ...delays.map((delayMs) => ({ delayMs, isAway: false, name: `answers after ${delayMs} ms` })),
  { delayMs: 0, isAway: true, name: 'is away during the calls' },
];
for (const { delayMs, isAway, name } of cases) {
  const trials = new Map<string, Trial[]>(contenders.map(([library]) => [library, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [library, start] of contenders) {
      trials.get(library)?.push(await measure(start, delayMs, isAway));
    }
  }
  for (const [library, results] of trials) {
    const tookMs = results.flatMap((trial) => trial.tookMs);
    const received = results.reduce((sum, trial) => sum + trial.received, 0);
    process.stdout.write(
      `| ${name} | ${library} | ${inMs(tookMs, 0.5)} | ${inMs(tookMs, 0.99)} | ${received} of ${rounds * calls} |\n`,
    );
  }
}
