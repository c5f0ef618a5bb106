// The long form of killed.test.ts, and what is lost where something else than this SDK has the record: a table.

import { cpus } from 'node:os';
import { commandFolder, exitAt } from '../command-folder.ts';
import { readOptions, refuse } from '../command-options.ts';
import type { Audit } from './audit.ts';
import { lokiAlone } from './loki-alone.ts';
import { missing, Program } from './programs.ts';
import {
  alloyRestarted,
  answersLost,
  behindAlloy,
  gatewaysKilled,
  lokiKilled,
  processKilled,
  routeSwitched,
  type Scenario,
  smallKilled,
  tokenRevoked,
} from './scenarios.ts';
import { type Outage, type Scale, Scene } from './scene.ts';

const upstream = { OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/json' };

const rows: readonly [name: string, what: string, run: Scenario][] = [
  ['direct', 'direct', lokiKilled()],
  ['alloy-disk', 'alloy, queue on disk', behindAlloy('on disk')],
  ['alloy-memory', "alloy, Alloy's default queue", behindAlloy('in memory')],
  ['stop-disk', 'alloy, queue on disk', alloyRestarted('on disk')],
  ['stop-memory', "alloy, Alloy's default queue", alloyRestarted('in memory')],
  ['small', 'alloy, deploy/alloy/small.alloy', smallKilled],
  ['gateway', 'alloy, two of deploy/alloy/gateway.alloy', gatewaysKilled],
  ['switch', 'route switched twice', routeSwitched],
  ['process', 'process killed too', processKilled],
  ['revoked-direct', 'direct, token revoked', tokenRevoked('direct')],
  ['revoked-small', 'small.alloy, token revoked', tokenRevoked('small.alloy')],
  ['revoked-gateway', 'gateway.alloy, token revoked', tokenRevoked('gateway.alloy')],
  ['answers', 'direct, half of the answers lost', answersLost('in one stream')],
  ['shards', 'the same, in shards', answersLost('in shards')],
  ['upstream', "direct, upstream's pipeline", lokiKilled(upstream)],
  ['loki', 'Loki alone, 20 kills', lokiAlone],
];

const usage = `npm run real [-- --minutes <length of each outage, 1> --rate <records per second, 1000>
  --only <${rows.map(([name]) => name).join(',')}>]`;

function readArguments(): { scale: Scale; only: readonly string[] } {
  const values = readOptions(usage, {
    minutes: { type: 'string', default: '1' },
    rate: { type: 'string', default: '1000' },
    only: { type: 'string' },
  });
  const rate = Number(values.rate);
  const outage = Math.round(Number(values.minutes) * 60 * rate);
  const only = values.only?.split(',') ?? rows.map(([name]) => name);
  if (!(outage > 0) || only.some((name) => !rows.some(([known]) => known === name))) {
    refuse(usage, 'Each of these must be one that is known, and the numbers above 0.');
  }
  // Loki's and Alloy's longest pause before a retry is 30 s, give or take a half.
  return { scale: { rate, outage, calm: 10 * rate, stillMs: 60_000 }, only };
}

const columns = [
  'route',
  'down',
  'records',
  'found',
  'lost',
  'stored twice',
  'shown twice',
  'seconds to drain',
  'backlog/s',
] as const;

function print(cells: Partial<Record<(typeof columns)[number], string | number>>): void {
  process.stdout.write(`| ${columns.map((name) => cells[name] ?? '').join(' | ')} |\n`);
}

function printScenario(route: string, audit: Audit, outages: readonly Outage[]): void {
  const lost = [...audit.lost.values()].flat();
  print({
    route,
    down: 'all',
    records: audit.accepted,
    found: audit.found,
    lost: lost.length,
    'stored twice': audit.storedTwice,
    'shown twice': audit.shownTwice + audit.shownInShards,
  });
  outages.forEach(({ what, from, to, seconds, drainSeconds }, i) => {
    const until = outages[i + 1]?.from ?? Number.POSITIVE_INFINITY;
    const here = lost.filter((nr) => nr >= (i === 0 ? 0 : from) && nr < until).length;
    print({
      down: `${what} for ${seconds.toFixed(0)} s`,
      records: to - from,
      lost: here,
      'seconds to drain': drainSeconds === undefined ? 'never' : drainSeconds.toFixed(1),
      'backlog/s': drainSeconds === undefined ? '' : Math.round((to - from) / drainSeconds),
    });
  });
  const bad = [
    audit.wrong.length > 0
      ? `${audit.wrong.length} rows are not what was logged: ${audit.wrong[0]}`
      : '',
    audit.shownTwice > 0 ? `${audit.shownTwice} are shown twice though no shard explains it` : '',
    audit.disordered > 0 ? `${audit.disordered} are out of order` : '',
  ];
  for (const text of bad) if (text !== '') process.stdout.write(`${route}: ${text}\n`);
}

const { scale, only } = readArguments();
const absent = missing('loki', 'alloy');
if (absent !== false) {
  refuse(usage, `npm run real ${absent}.`);
}
Program.killAllAtExit();
exitAt('SIGINT', 'SIGTERM');
// What the scenes make is gone with it.
process.env.TMPDIR = commandFolder('real');
const machine = `${cpus().length} cores (${cpus()[0]?.model}), Node ${process.versions.node}`;
process.stdout.write(`${machine}, ${new Date().toISOString().slice(0, 10)}\n`);
process.stdout.write(`${scale.rate} records/s, outages of ${scale.outage / scale.rate} s\n\n`);
print(Object.fromEntries(columns.map((name) => [name, name])));
print(Object.fromEntries(columns.map((name) => [name, '---'])));
for (const [name, what, run] of rows.filter(([known]) => only.includes(known))) {
  const scene = new Scene(scale);
  try {
    printScenario(what, await run(scene), scene.outages);
  } catch (cause) {
    throw new Error(`${name} (${scene.folder}) could not be measured.`, { cause });
  } finally {
    await scene.close();
  }
}
