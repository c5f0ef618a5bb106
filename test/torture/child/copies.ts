// One process with several copies of the package, in the order they are named: `import` and `require` of the one that
// is installed, others by their URL; on request with false time, set up after the import as a test runner does.

import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { mock } from 'node:test';
import type { Plan } from '../plan.ts';
import { Recorder } from './recorder.ts';

type Package = typeof import('otel-setup');
export type FalseTime = 'none' | 'node:test' | 'everything';

const [, , planText = '', falseTime, ...copies] = process.argv;
const recorder = new Recorder(JSON.parse(planText) as Plan);
const packages: Package[] = [];
for (const copy of copies) packages.push(await load(copy));

const apis = ['setTimeout', 'setInterval', 'setImmediate', 'Date'] as const;
const never = () => ({ ref: () => undefined, unref: () => undefined });
if (falseTime === 'node:test') mock.timers.enable({ apis: [...apis], now: 0 });
if (falseTime === 'everything') {
  // What sinon's and Jest's false timers replace.
  const { performance } = globalThis;
  Object.assign(globalThis, {
    setTimeout: never,
    setInterval: never,
    setImmediate: never,
    clearTimeout: () => undefined,
    clearInterval: () => undefined,
    clearImmediate: () => undefined,
  });
  Date.now = () => 0;
  performance.now = () => 0;
}

const all = packages.map(({ init }) => init());
const [telemetry] = all;
if (telemetry === undefined) throw new Error('there is no package');
const monotonic = () => 0;
recorder.start({ ...telemetry, telemetry, monotonic, change: () => undefined });
for (let count = 0; count < 100; count++) recorder.log({ type: 'log' });
const facts = { isSame: all.every((one) => one === telemetry), copies: all.length };
writeSync(1, `${JSON.stringify(facts)}\n`);
// Its parent says when to end.
process.stdin.once('data', () => {
  recorder.sample(false);
  process.stdin.destroy();
});

async function load(copy: string): Promise<Package> {
  if (copy === 'import') return await import('otel-setup');
  if (copy === 'require') return createRequire(import.meta.url)('otel-setup') as Package;
  return (await import(copy)) as Package;
}
