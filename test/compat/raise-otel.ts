// `npm run raise-otel -- 3.2.0`: moves every OpenTelemetry pin that must match, in every package.json
// of the repository, installs, and names the tests that decide. Nothing is written until all
// versions are known to exist.

import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { printHelp, refuse } from '../command-options.ts';
import { npm, npmView } from './npm.ts';
import { type Line, movePins, type Pins, planMoves, readPins } from './otel-pins.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const sdk = '@opentelemetry/sdk-logs';
const exporter = '@opentelemetry/exporter-logs-otlp-http';
const api = '@opentelemetry/api';

const deciders = `Now decide with:
  npm run all        units, journeys, the byte-for-byte comparison with the upstream encoder
  npm run compat     the tarball beside other OpenTelemetry versions
  npm run bench      the figures against the reference pipeline
Then read the upstream changelog, and write the versions into CHANGELOG.md.
`;

function packageJsons(): Map<string, string> {
  const paths = globSync(['package.json', 'packages/*/package.json', 'bench/package.json'], {
    cwd: root,
  });
  return new Map(paths.map((path) => [path, readFileSync(`${root}${path}`, 'utf8')]));
}

/** The newest exporter that is built on exactly this sdk-logs: with any other, two copies install. */
async function exporterFor(sdkVersion: string): Promise<string> {
  const versions = (await npmView(exporter, 'versions', root)) as string[];
  const newest = versions.filter((version) => /^\d+\.\d+\.\d+$/.test(version)).reverse();
  for (const version of newest.slice(0, 12)) {
    const needs = (await npmView(`${exporter}@${version}`, 'dependencies', root)) as Record<
      string,
      string
    >;
    if (needs[sdk] === sdkVersion) return version;
  }
  throw new Error(
    `No ${exporter} is built on ${sdk} ${sdkVersion}; choose a version that has one.`,
  );
}

async function apiFor(sdkVersion: string, now: string): Promise<string> {
  const peers = (await npmView(`${sdk}@${sdkVersion}`, 'peerDependencies', root)) as Record<
    string,
    string
  >;
  const fitting = [await npmView(`${api}@${peers[api]}`, 'version', root)].flat() as string[];
  return fitting.includes(now) ? now : (fitting.at(-1) ?? now);
}

async function linesTo(target: string, pins: Pins): Promise<Line[]> {
  const now = (name: string): string => pins.get(name) ?? '';
  if ((await npmView(`${sdk}@${target}`, 'version', root)) === undefined) {
    throw new Error(`${sdk} ${target} does not exist.`);
  }
  return [
    { from: now(sdk), to: target },
    { from: now(exporter), to: await exporterFor(target) },
    { from: now(api), to: await apiFor(target, now(api)) },
  ];
}

async function checkAll(moves: Pins): Promise<void> {
  const published = await Promise.all(
    [...moves].map(([name, version]) => npmView(`${name}@${version}`, 'version', root)),
  );
  const missing = [...moves].filter((_, at) => published[at] === undefined);
  if (missing.length === 0) return;
  throw new Error(`Not published: ${missing.map((pin) => pin.join('@')).join(', ')}.`);
}

async function raise(target: string): Promise<void> {
  const files = packageJsons();
  const lines = await linesTo(
    target,
    readPins(files.get('packages/otel-setup/package.json') ?? ''),
  );
  const pins = new Map([...files.values()].flatMap((text) => [...readPins(text)]));
  const { moves, others } = planMoves(pins, lines);
  await checkAll(moves);
  for (const [path, text] of files) {
    const moved = movePins(text, moves);
    if (moved !== text) writeFileSync(`${root}${path}`, moved);
  }
  for (const [name, version] of moves) process.stdout.write(`${name} ${version}\n`);
  for (const other of others) process.stdout.write(`${other} (stays: not of these lines)\n`);
  await npm(['install'], { cwd: root });
  process.stdout.write(`\n${deciders}`);
}

const usage = `npm run raise-otel -- <version>   of ${sdk}, such as 3.2.0`;
printHelp(usage);
const [target = ''] = process.argv.slice(2);
if (!/^\d+\.\d+\.\d+$/.test(target)) refuse(usage, `Say which version of ${sdk}.`);
try {
  await raise(target);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
