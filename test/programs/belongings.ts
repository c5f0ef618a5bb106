// Shows what the process holds before, while and after it logs: with `ours` through init(), with `winston`
// through winston alone, with `meddler` through something that leaves traces of every kind.

import { spawn } from 'node:child_process';
import { existsSync, globSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import winston from 'winston';

const [, , kind = '', folder = ''] = process.argv;
const require = createRequire(import.meta.url);

/** What an instrumentation would replace functions of. */
const patchable: Readonly<Record<string, object>> = {
  ...Object.fromEntries(
    ['async_hooks', 'child_process', 'console', 'crypto', 'diagnostics_channel', 'dns', 'events']
      .concat(['fs', 'http', 'http2', 'https', 'module', 'net', 'os', 'stream', 'timers', 'tls'])
      .concat(['util', 'worker_threads', 'zlib'])
      .map((name) => [name, require(`node:${name}`) as object]),
  ),
  globalThis,
  process,
  Object: Object.prototype,
  Function: Function.prototype,
  Array: Array.prototype,
  Promise: Promise.prototype,
  Error,
  EventEmitter: (require('node:events') as { prototype: object }).prototype,
  winston,
  Logger: winston.Logger.prototype,
  Console: winston.transports.Console.prototype,
};

function valuesOf(): Map<string, unknown> {
  const values = new Map<string, unknown>();
  for (const [owner, object] of Object.entries(patchable)) {
    for (const key of Reflect.ownKeys(object)) {
      const property = Object.getOwnPropertyDescriptor(object, key);
      const value: unknown = property?.get ?? property?.value;
      if (typeof value === 'function') values.set(`${owner}.${String(key)}`, value);
    }
  }
  return values;
}

function descriptors(): string[] {
  if (!existsSync('/proc/self/fd')) return [];
  return readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      return [readlinkSync(`/proc/self/fd/${name}`).replace(/\[\d+\]/, '')];
    } catch {
      return []; // The one that this reading has opened.
    }
  });
}

/** Threads of libuv's pool come with the first file or look-up that is asked for asynchronously. */
function threads(): string[] {
  if (!existsSync('/proc/self/task')) return [];
  const nameOf = (id: string) => readFileSync(`/proc/self/task/${id}/comm`, 'utf8').trim();
  const main = nameOf(String(process.pid));
  for (let look = 0; ; look++) {
    const ids = readdirSync('/proc/self/task');
    // A thread has its maker's name until it gives itself its own.
    const unnamed = ids.filter((id) => id !== String(process.pid) && nameOf(id) === main);
    if (unnamed.length === 0 || look === 200) {
      return ids.map(nameOf).filter((name) => name !== 'libuv-worker');
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  }
}

const children = () =>
  globSync('/proc/self/task/*/children').flatMap((path) =>
    readFileSync(path, 'utf8').split(' ').filter(Boolean),
  );

const first = valuesOf();

function belongings() {
  const now = valuesOf();
  return {
    listeners: process
      .eventNames()
      .flatMap((name) => process.listeners(name as 'exit').map(() => String(name))),
    resources: process.getActiveResourcesInfo(),
    globals: Reflect.ownKeys(globalThis).map(String),
    functions: [...now]
      .filter(([name, value]) => first.get(name) !== value)
      .map(([name]) => name)
      // A new global is among those.
      .filter((name) => first.has(name) || !name.startsWith('globalThis.')),
    environment: Object.entries(process.env).map((pair) => pair.join('=')),
    descriptors: descriptors(),
    files: readdirSync(folder, { recursive: true, encoding: 'utf8' }),
    threads: threads(),
    children: children(),
    settings: [
      `cwd ${process.cwd()}`,
      `title ${process.title}`,
      `umask ${process.umask()}`,
      `exitCode ${process.exitCode}`,
      `stackTraceLimit ${Error.stackTraceLimit}`,
      `capture ${process.hasUncaughtExceptionCaptureCallback()}`,
    ],
  };
}

async function settled() {
  for (let turns = 0; turns < 20; turns += 1) await turn();
  return belongings();
}

const plain = () => ({
  logger: winston.createLogger({ transports: [new winston.transports.Console()] }),
  flush: async () => undefined,
  shutdown: async () => undefined,
});

/** What the comparison has to see. */
function meddle() {
  process.on('uncaughtException', () => undefined);
  process.env.MEDDLED = 'yes';
  process.exitCode = 0;
  Object.assign(globalThis, { meddled: true });
  const { now } = Date;
  Object.assign(require('node:os'), { uptime: now });
  openSync(join(folder, 'meddled'), 'w');
  spawn('sleep', ['5'], { stdio: 'ignore' }).unref();
  const worker = new Worker('setInterval(() => {}, 1000)', { eval: true });
  worker.unref();
  setTimeout(() => undefined, 50);
  return plain();
}

const start = { winston: plain, meddler: meddle };
const { init } =
  kind === 'ours' ? await import('otel-setup') : { init: start[kind as keyof typeof start] };
const before = await settled();
const { logger, flush, shutdown } = init();
logger.info('hello');
await flush();
const running = await settled();
await shutdown();
const after = await settled();
process.stderr.write(`\n${JSON.stringify({ before, running, after })}\n`);
