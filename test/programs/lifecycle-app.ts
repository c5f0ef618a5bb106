// An application that ends in the way the scenario names, with our lifecycle or, as control, without.
// Its pipeline is a list in memory: what stays in the list is what would stay in the spool.

import { createSocket } from 'node:dgram';
import { writeSync } from 'node:fs';
import { request } from 'node:http';
import { createRequire } from 'node:module';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import {
  attachLifecycle,
  type Lifecycle,
} from '../../packages/otel-setup/src/lifecycle/lifecycle.ts';

export interface Scenario {
  readonly url: string;
  readonly ours: boolean;
  readonly records: number;
  readonly ending: string;
  readonly down?: boolean;
  readonly proxy?: string;
  readonly ca?: readonly string[];
  readonly timeouts?: {
    readonly naturalMs: number;
    readonly exitMs: number;
    readonly downMs: number;
  };
  readonly extras?: readonly string[];
}

const scenario: Scenario = workerData?.scenario ?? JSON.parse(process.argv[2] ?? '');
const extras = new Set(scenario.extras);
const waiting: { seq: number; text: string }[] = [];
let seq = 0;
let delivered = 0;

function log(text: string): void {
  seq += 1;
  waiting.push({ seq, text });
}

function say(line: string): void {
  writeSync(1, `${line}\n`);
}

function settle(upTo: number): void {
  for (let first = waiting[0]; first !== undefined && first.seq <= upTo; first = waiting[0]) {
    waiting.shift();
    delivered += 1;
  }
}

function post(body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(scenario.url, { method: 'POST', agent: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    })
      // As the real sender does: only the lifecycle keeps the process alive, and not for long.
      .on('socket', (socket) => socket.unref())
      .on('error', reject)
      .end(body);
  });
}

async function drain(): Promise<void> {
  while (waiting.length > 0) {
    const batch = waiting.slice(0, 10);
    const status = await post(batch.map(({ text }) => text).join('\n')).catch(() => 0);
    if (status !== 204) return;
    settle(batch.at(-1)?.seq ?? 0);
  }
}

function exitBatches() {
  const batches: { body: Uint8Array; lastSeq: number }[] = [];
  for (let at = 0; at < waiting.length; at += 10) {
    const part = waiting.slice(at, at + 10);
    const body = Buffer.from(part.map(({ text }) => text).join('\n'));
    batches.push({ body, lastSeq: part.at(-1)?.seq ?? 0 });
  }
  return batches;
}

function attach(): Lifecycle {
  return attachLifecycle({
    ...(scenario.timeouts ? { timeouts: scenario.timeouts } : {}),
    host: process,
    isMainThread,
    worker: Worker,
    clock: {
      now: Date.now,
      monotonic: () => performance.now(),
      setTimeout: (run, delayMs) => setTimeout(run, delayMs),
      clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
    },
    pending: () => waiting.length,
    delivered: () => delivered,
    drain,
    stop: () => Promise.resolve(),
    exitBatches,
    settle: (upTo, { body, ...answer }) => {
      settle(upTo);
      if (extras.has('tells-answers')) say(JSON.stringify({ upTo, ...answer, body: [...body] }));
    },
    refused: ({ status, body }) => {
      if (extras.has('tells-answers')) {
        say(JSON.stringify({ refused: status, words: Buffer.from(body).toString() }));
      }
    },
    isForbiddenAddress: (ip) => extras.has('forbidden-address') && ip === '127.0.0.1',
    routeIsDown: () => scenario.down === true,
    hasOrphans: () => false,
    replay: () => Promise.resolve(),
    target: () => ({
      url: scenario.url,
      headers: { authorization: 'Basic abc' },
      gzip: extras.has('gzip'),
      proxy: scenario.proxy,
      ca: scenario.ca,
    }),
    closing: () => {
      const of = extras.has('signals-itself') ? ` of ${seq}` : '';
      writeSync(2, `closed with ${waiting.length} pending${of}\n`);
      if (extras.has('lingers-after-close')) {
        say('closed');
        // Long enough for an answer, and for the request that must not follow it.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
      }
    },
  });
}

const lifecycle = scenario.ours ? attach() : undefined;

function surround(): void {
  // In a network of its own: a name server that hears every question and answers none.
  if (extras.has('silent-name-server')) createSocket('udp4').bind(53, '127.0.0.1').unref();
  if (extras.has('signal-exit-3')) {
    createRequire(import.meta.url)('signal-exit-3')(() => say('signal-exit 3 ran'));
  }
  if (extras.has('signal-exit-4')) {
    createRequire(import.meta.url)('signal-exit').onExit(() => say('signal-exit 4 ran'));
  }
  if (extras.has('own-once-handler')) {
    process.once('SIGTERM', () => {
      const listens = () => !scenario.ours || process.listenerCount('SIGTERM') > 0;
      const poll = setInterval(() => {
        if (!listens()) return;
        clearInterval(poll);
        say('signal 1');
      }, 1);
    });
  }
  if (extras.has('own-raises-again')) {
    // As NestJS does: promises that are through already, then the same signal without a listener.
    process.once('SIGTERM', async () => {
      await Promise.resolve();
      say('own handler');
      process.kill(process.pid, 'SIGTERM');
    });
  }
  if (extras.has('own-handler')) {
    process.on('SIGTERM', () => {
      say('own handler');
      setTimeout(() => process.exit(7), 20);
    });
  }
  if (extras.has('own-once-in-front')) {
    process.prependOnceListener('SIGTERM', () => {
      say('own handler in front');
      setTimeout(() => process.exit(8), 20);
    });
  }
  if (extras.has('second-signal-decides')) {
    let count = 0;
    process.on('SIGTERM', () => {
      count += 1;
      say(`signal ${count}`);
      if (count === 2) process.exit(9);
    });
  }
  if (extras.has('logs-at-exit')) process.on('exit', () => log('last words'));
  if (extras.has('own-before-exit')) {
    process.on('beforeExit', () => {
      say('own beforeExit');
      log('written in beforeExit');
    });
  }
  if (extras.has('unrefd-interval')) setInterval(() => log('tick'), 1).unref();
  if (extras.has('exit-code')) process.exitCode = 5;
}

// From inside the namespace the kernel withholds an unhandled signal from process 1.
async function signalItself(): Promise<void> {
  process.kill(process.pid, 'SIGTERM');
  const until = performance.now() + 3000;
  const done = () => (scenario.ours ? waiting.length === 0 : true) || performance.now() > until;
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 5));
  // Our listener is armed again, and a second signal is dealt with like the first.
  process.kill(process.pid, 'SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, 30));
  log('logged after the signals');
  say(`alive as ${process.pid}`);
  process.exit(0);
}

async function end(ending: string): Promise<void> {
  if (ending === 'exit') process.exit(3);
  if (ending === 'throw') throw new RangeError('thrown on purpose');
  if (ending === 'rejection') await Promise.reject(new RangeError('rejected on purpose'));
  if (ending === 'abort') process.abort();
  if (ending === 'flush') {
    const result = await lifecycle?.flush(500);
    say(`left ${result?.pending ?? 0}`);
  }
  if (ending === 'shutdown') {
    const result = await lifecycle?.shutdown(1000);
    log('after shutdown');
    say(`left ${result?.pending ?? 0}`);
  }
  if (ending === 'signal') {
    setInterval(() => undefined, 1000);
    say('ready');
    if (extras.has('signals-itself')) await signalItself();
  }
}

surround();
if (extras.has('in-worker') && isMainThread) {
  const worker = new Worker(new URL(import.meta.url), { workerData: { scenario } });
  worker.on('exit', (code) => say(`worker ended with ${code}`));
  worker.on('error', () => say('worker failed'));
} else {
  for (let i = 0; i < scenario.records; i++) log(`record ${i}`);
  // An application sets itself up long before it ends.
  await new Promise(setImmediate);
  await end(scenario.ending);
}
