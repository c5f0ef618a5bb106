// Times each log call on the caller's thread; can slow the disk down under it. Its parent leads it by lines.

import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setImmediate as turn } from 'node:timers/promises';
import type { Plan } from '../plan.ts';
import type { FsFaults } from './file-system.ts';
import { Recorder } from './recorder.ts';
import { prepareSdk } from './sdk.ts';

export type CallsCommand =
  /** `rate` a second; undefined: 100 in each turn. */
  | { readonly type: 'log'; readonly count: number; readonly rate?: number }
  | { readonly type: 'fs'; readonly faults: FsFaults }
  | { readonly type: 'stats' }
  | { readonly type: 'end' };

export interface CallsAnswer {
  readonly n: number;
  /** In ms; the slowest first, at most 100 of them. */
  readonly slowest: readonly number[];
  readonly p50Us: number;
  readonly p99Us: number;
  readonly p999Us: number;
  readonly mode: string | undefined;
  readonly pending: number;
  readonly notices: readonly string[];
}

const perTurn = 100;
const plan = JSON.parse(process.argv[2] ?? '') as Plan;
const recorder = new Recorder(plan);
const notices: string[] = [];
const start = await prepareSdk(plan, (notice, atMs) => {
  recorder.notice(notice, atMs);
  notices.push(notice.code);
});
const sdk = start();
recorder.start(sdk);

async function log(count: number, rate: number | undefined): Promise<Float64Array> {
  const took = new Float64Array(count);
  const startedAt = performance.now();
  for (let done = 0; done < count; ) {
    const due =
      rate === undefined ? done + perTurn : (performance.now() - startedAt) * (rate / 1e3);
    for (const until = Math.min(count, due); done < until; done++) {
      const before = performance.now();
      recorder.log({ type: 'log' });
      took[done] = performance.now() - before;
    }
    await (rate === undefined ? turn() : new Promise((resolve) => setTimeout(resolve, 1)));
  }
  return took;
}

function answer(n: number, took: Float64Array): void {
  const sorted = took.toSorted();
  const quantile = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 1_000;
  const facts: CallsAnswer = {
    n,
    slowest: [...sorted.slice(-100)].reverse(),
    p50Us: quantile(0.5),
    p99Us: quantile(0.99),
    p999Us: quantile(0.999),
    mode: sdk.telemetry?.stats().spool.mode,
    pending: sdk.telemetry?.stats().pending ?? 0,
    notices: [...notices],
  };
  writeSync(1, `${JSON.stringify(facts)}\n`);
}

let n = 0;
answer(n, new Float64Array());
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line) as CallsCommand;
  n++;
  let took = new Float64Array();
  if (command.type === 'log') took = Float64Array.from(await log(command.count, command.rate));
  if (command.type === 'fs') sdk.change({ fs: command.faults });
  recorder.sample(false);
  if (command.type === 'end') break;
  answer(n, took);
}
process.stdin.destroy();
