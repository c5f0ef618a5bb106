// The process that a case tortures: it logs, says what its ledger holds, and ends as it is told.

import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import type { Command, Extra, LogCommand, Plan, Reply, Usage } from '../plan.ts';
import { end } from './endings.ts';
import { openLink } from './link.ts';
import { Recorder } from './recorder.ts';
import { prepareSdk, type Sdk } from './sdk.ts';

const plan = (isMainThread ? JSON.parse(process.argv[2] ?? '') : workerData) as Plan;
const link = openLink();
const recorder = new Recorder(plan);
const threads = new Map<string, { worker: Worker; waiting: ((reply: Reply) => void)[] }>();
let delays: ReturnType<typeof monitorEventLoopDelay> | undefined;
let sdk: Sdk | undefined;

const startSdk = await prepareSdk(plan, (notice, atMs) => recorder.notice(notice, atMs));

const extras: Record<Extra, () => void> = {
  'signal-exit': () => {
    createRequire(import.meta.url)('signal-exit').onExit(() => undefined);
  },
  'signal-exit-3': () => {
    createRequire(import.meta.url)('signal-exit-3')(() => undefined);
  },
  'own-sigterm': () => {
    process.on('SIGTERM', () => setTimeout(() => process.exit(7), 100));
  },
  'handle-exceptions': () => {
    const [first] = sdk?.logger.transports ?? [];
    if (first !== undefined) sdk?.logger.exceptions.handle(first);
  },
};

async function log(command: LogCommand): Promise<unknown> {
  const { count = Infinity, perTurn = 100, rate } = command;
  const startedAt = performance.now();
  for (let done = 0; done < count; ) {
    const due =
      rate === undefined ? done + perTurn : ((performance.now() - startedAt) * rate) / 1000;
    // Behind its rate, it catches up in many turns: the loop is to go on meanwhile.
    const until = Math.min(count, due, done + Math.max(perTurn, 250));
    for (; done < until; done++) recorder.log(command);
    recorder.sampleIfDue();
    if (done >= count) break;
    if (rate === undefined || done < due) await turn();
    else await wait(1);
  }
  recorder.sample(false);
  return { logged: recorder.logged, tookMs: performance.now() - startedAt };
}

function usage(): Usage {
  // With --expose-gc: what is held, without what only waits to be collected.
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const loopDelayP99Ms = (delays?.percentile(99) ?? 0) / 1e6;
  delays?.reset();
  delays ??= monitorEventLoopDelay({ resolution: 5 });
  delays.enable();
  const handles = process.getActiveResourcesInfo();
  return {
    rss,
    heapUsed,
    handles,
    descriptors: readdirSync('/proc/self/fd').length,
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
    loopDelayP99Ms,
  };
}

function startThread(threadPlan: Plan): Promise<unknown> {
  const worker = new Worker(new URL(import.meta.url), { workerData: threadPlan });
  const thread = { worker, waiting: [] as ((reply: Reply) => void)[] };
  threads.set(threadPlan.writer, thread);
  worker.on('message', (reply: Reply) => thread.waiting.shift()?.(reply));
  return new Promise<Reply>((resolve, reject) => {
    thread.waiting.push(resolve);
    worker.on('error', reject);
  }).then(resultOf);
}

function resultOf(reply: Reply): unknown {
  if ('error' in reply) throw new Error(reply.error);
  return reply.value;
}

function forward(writer: string, command: Command): Promise<unknown> {
  const thread = threads.get(writer);
  if (thread === undefined) throw new Error(`there is no thread ${writer}`);
  const reply = new Promise<Reply>((resolve) => thread.waiting.push(resolve));
  thread.worker.postMessage(command);
  return reply.then(resultOf);
}

function init(): unknown {
  const startedAt = performance.now();
  sdk = startSdk();
  const initMs = performance.now() - startedAt;
  recorder.start(sdk);
  for (const extra of plan.extras ?? []) extras[extra]();
  return { initMs };
}

async function run(command: Command): Promise<unknown> {
  switch (command.type) {
    case 'init':
      return init();
    case 'log': {
      const logging = log(command);
      if (command.count !== undefined) return await logging;
      logging.catch(fail);
      return undefined;
    }
    case 'flush':
      return after(await sdk?.telemetry?.flush(command.timeoutMs));
    case 'shutdown':
      return after(await sdk?.telemetry?.shutdown(command.timeoutMs));
    case 'stats':
      return recorder.sample(false);
    case 'sample':
      return recorder.sample(command.isLast ?? false);
    case 'faults':
      return sdk?.change(command.faults);
    case 'usage':
      return usage();
    case 'thread':
      return await startThread(command.plan);
    case 'to':
      return await forward(command.writer, command.command);
    case 'terminate':
      return await threads.get(command.writer)?.worker.terminate();
    case 'end':
      return end(command.how, link);
  }
}

function after<T>(result: T): T {
  recorder.sample(false);
  return result;
}

function fail(error: unknown): void {
  link.reply({ error: error instanceof Error ? String(error.stack) : String(error) });
}

let queue: Promise<void> = Promise.resolve();
link.reply({ value: 'ready' });
link.listen((command) => {
  queue = queue
    .then(() => run(command))
    .then((value) => {
      // A process that was told to end has nothing to answer.
      if (command.type !== 'end') link.reply({ value: value ?? null });
    })
    .catch((error: unknown) => {
      if (command.type !== 'end') fail(error);
    });
});
