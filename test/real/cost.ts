// `npm run real:cost`: what each route takes of the machine, and how soon a record is found, with the real Loki and Alloy.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { commandFolder, exitAt } from '../command-folder.ts';
import { readOptions, refuse } from '../command-options.ts';
import { bareEnvironment, programPath } from '../journeys/program.ts';
import { deployedAlloy } from './alloy.ts';
import { type Loki, startLoki } from './loki.ts';
import { missing, Program } from './programs.ts';
import { type Usage, usageOf } from './usage.ts';

const usage = 'npm run real:cost [-- --seconds <60> --rate <records per second, 1000>]';
const given = readOptions(usage, {
  seconds: { type: 'string', default: '60' },
  rate: { type: 'string', default: '1000' },
});
const seconds = Number(given.seconds);
const rate = Number(given.rate);
if (!(seconds > 0 && rate > 0)) refuse(usage, 'Both take a number above 0.');

interface Route {
  readonly name: string;
  readonly query: string;
  /** Undefined: there is no Alloy. */
  readonly alloy?: 'small.alloy' | 'gateway.alloy';
  env(urls: { readonly loki: string; readonly alloy: string }): Readonly<Record<string, string>>;
}

const routes: readonly Route[] = [
  {
    name: '`direct`',
    query: '{service_name="steady"}',
    env: ({ loki }) => ({ LOG_ROUTE: 'direct', OTEL_EXPORTER_OTLP_ENDPOINT: `${loki}/otlp` }),
  },
  {
    name: '`alloy`, `small.alloy`',
    query: '{service_name="steady"}',
    alloy: 'small.alloy',
    env: ({ alloy }) => ({ LOG_ROUTE: 'alloy', ALLOY_OTLP_ENDPOINT: alloy }),
  },
  {
    name: '`alloy`, `gateway.alloy`',
    query: '{service_name="steady"}',
    alloy: 'gateway.alloy',
    env: ({ alloy }) => ({ LOG_ROUTE: 'alloy', ALLOY_OTLP_ENDPOINT: alloy }),
  },
  {
    name: 'standard output in a file, read by `small.alloy`',
    query: '{service_name="steady"}',
    alloy: 'small.alloy',
    env: () => ({ LOG_ROUTE: 'none', LOG_CONSOLE: 'json' }),
  },
];

async function measure(route: Route): Promise<void> {
  const folder = mkdtempSync(join(root, 'route-'));
  const programs: Program[] = [];
  try {
    const loki = await startLoki(join(folder, 'loki'));
    programs.push(loki.program);
    const alloy =
      route.alloy &&
      (await deployedAlloy(join(folder, 'alloy'), route.alloy, {
        GRAFANA_CLOUD_OTLP_ENDPOINT: `${loki.url}/otlp`,
      }));
    if (alloy) programs.push(alloy.program);
    const env = route.env({ loki: loki.url, alloy: alloy?.otlpUrl ?? '' });
    const app = startApplication(folder, env);
    try {
      await report(route, loki, app, alloy?.program.pid);
    } finally {
      app.kill('SIGKILL');
      await once(app, 'close');
    }
  } finally {
    for (const program of programs) await program.stop('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

function startApplication(folder: string, env: Readonly<Record<string, string>>): ChildProcess {
  const logs = join(folder, 'alloy', 'logs');
  mkdirSync(logs, { recursive: true });
  const args = [programPath('steady.ts'), 'cost', String(rate), join(folder, 'journal')];
  return spawn(process.execPath, args, {
    env: {
      ...bareEnvironment(folder),
      LOG_CONSOLE: 'off',
      OTEL_SERVICE_NAME: 'steady',
      ...env,
    },
    stdio: ['pipe', openSync(join(logs, 'steady.log'), 'a'), 'ignore'],
  });
}

async function report(
  { name, query }: Route,
  loki: Loki,
  app: ChildProcess,
  alloyPid: number | undefined,
): Promise<void> {
  const pids = [app.pid ?? 0, ...(alloyPid === undefined ? [] : [alloyPid])];
  await found(loki, query);
  // What is compiled, opened and filled once is not what a record costs.
  await delay(10_000);
  const before = pids.map(usageOf);
  const lags = await watch(loki, query);
  const after = pids.map(usageOf);
  const [ours = '', theirs = '– | –'] = after.map((now, i) => used(before[i] ?? now, now));
  const lag = `${(quantile(lags, 0.5) / 1_000).toFixed(1)} s, ${(Math.max(...lags) / 1_000).toFixed(1)} s`;
  process.stdout.write(`| ${name} | ${lag} | ${ours} | ${theirs} |\n`);
}

function used(before: Usage, now: Usage): string {
  const percent = ((now.cpuSeconds - before.cpuSeconds) / seconds) * 100;
  return `${percent.toFixed(1)} % | ${now.rssMiB.toFixed(0)} MiB`;
}

/** How old the newest record is that a query finds, in milliseconds, again and again. */
async function watch(loki: Loki, query: string): Promise<number[]> {
  const lags: number[] = [];
  for (const until = performance.now() + seconds * 1_000; performance.now() < until; ) {
    const newest = await newestMs(loki, query);
    if (newest !== undefined) lags.push(Date.now() - newest);
    await delay(250);
  }
  return lags;
}

async function found(loki: Loki, query: string): Promise<void> {
  for (const until = Date.now() + 60_000; Date.now() < until; await delay(100)) {
    if ((await newestMs(loki, query)) !== undefined) return;
  }
  throw new Error(`Nothing was found by ${query}.`);
}

async function newestMs(loki: Loki, query: string): Promise<number | undefined> {
  const asked = new URLSearchParams({ query, limit: '1', direction: 'backward', since: '5m' });
  const response = await fetch(`${loki.url}/loki/api/v1/query_range?${asked}`);
  const { data } = (await response.json()) as {
    data: { result: { values: [string, string][] }[] };
  };
  const times = data.result.flatMap(({ values }) => values.map(([time]) => Number(time) / 1e6));
  return times.length === 0 ? undefined : Math.max(...times);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
}

const absent = missing('loki', 'alloy');
if (absent !== false) refuse(usage, `npm run real:cost ${absent}.`);
Program.killAllAtExit();
exitAt('SIGINT', 'SIGTERM');
const root = commandFolder('cost');
process.stdout.write(
  `${cpus()[0]?.model.trim()} × ${cpus().length}, Node ${process.versions.node}, ` +
    `${new Date().toISOString().slice(0, 10)}, ${rate} records/s for ${seconds} s, load ${(loadavg()[0] ?? 0).toFixed(1)}\n\n` +
    '| route | found after (median, longest) | application: CPU | memory | Alloy: CPU | memory |\n' +
    '|---|---|---|---|---|---|\n',
);
for (const route of routes) await measure(route);
