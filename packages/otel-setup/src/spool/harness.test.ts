// The spool's surroundings for tests: a directory of its own, a clock that is moved by hand, a file system that
// can be made to fail, and what the spool told. It holds no tests itself.

import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Notice } from '../errors.ts';
import { realWorld } from '../real-world.ts';
import type { Clock, FileSystem, Timer } from '../world.ts';
import { openSpool } from './open-spool.ts';
import type { CrashPoint, Gap, Queue, Spool, SpoolOptions, TookOver } from './options.ts';

export const definition = { resource: Buffer.from('resource-a'), scope: Buffer.from('scope-a') };
export const limits = { maxBytes: 950_000, maxExpandedBytes: 3_000_000 };

export class HandClock implements Clock {
  timeMs = 1_000;
  wallMs = 1_800_000_000_000;
  #timers: { at: number; run: () => void; timer: Timer }[] = [];

  now(): number {
    return this.wallMs + this.timeMs;
  }

  monotonic(): number {
    return this.timeMs;
  }

  setTimeout(run: () => void, delayMs: number): Timer {
    const timer = { ref: () => timer, unref: () => timer };
    this.#timers.push({ at: this.timeMs + delayMs, run, timer });
    return timer;
  }

  clearTimeout(timer: Timer): void {
    this.#timers = this.#timers.filter((entry) => entry.timer !== timer);
  }

  get waiting(): number {
    return this.#timers.length;
  }

  /** Runs what falls due, in its order. */
  advance(byMs: number): void {
    const end = this.timeMs + byMs;
    for (;;) {
      const next = this.#timers
        .filter(({ at }) => at <= end)
        .reduce((one, other) => (other.at < one.at ? other : one), { at: Infinity } as {
          at: number;
          run?: () => void;
        });
      if (next.run === undefined) break;
      this.#timers = this.#timers.filter((entry) => entry !== next);
      this.timeMs = Math.max(this.timeMs, next.at);
      next.run();
    }
    this.timeMs = end;
  }
}

export interface Opened {
  readonly spool: Spool;
  readonly root: string;
  readonly clock: HandClock;
  readonly notices: Notice[];
  readonly gaps: Gap[];
  readonly dropped: Record<string, number>;
  readonly told: { adopted: number; rewoken: number; tookOver: TookOver[] };
  /** Where this service's directories are. */
  servicePath(): string;
  put(text: string, severity?: number): void;
}

export interface Wishes {
  root?: string;
  roots?: readonly string[];
  fs?: Partial<FileSystem>;
  clock?: HandClock;
  durability?: 'record' | 'memory';
  maxBytes?: number;
  ringBytes?: number;
  service?: string;
  route?: string;
  crashPoint?: (name: CrashPoint) => void;
}

/** A machine with a processor to spare, however busy this one is. */
const calm = ((path: string, ...rest: [BufferEncoding]) =>
  path === '/proc/thread-self/schedstat'
    ? '0 0 0'
    : fs.readFileSync(path, ...rest)) as FileSystem['readFileSync'];

export function scratch(t: TestContext): string {
  const path = fs.mkdtempSync(join(tmpdir(), 'spool-'));
  // A turn later: the other hooks of the test close and end what still writes there.
  t.after(() => setImmediate(() => fs.rmSync(path, { recursive: true, force: true })));
  return path;
}

/** A spool with its ears; it is closed when the test ends. */
export function open(t: TestContext, wishes: Wishes = {}): Opened {
  const root = wishes.root ?? scratch(t);
  const clock = wishes.clock ?? new HandClock();
  const notices: Notice[] = [];
  const gaps: Gap[] = [];
  const dropped: Record<string, number> = {};
  const told: Opened['told'] = { adopted: 0, rewoken: 0, tookOver: [] };
  const options: SpoolOptions = {
    config: {
      durability: wishes.durability ?? 'record',
      roots: (wishes.roots ?? [root]).map((path) => ({ path, from: 'LOG_SPOOL_DIR' })),
      maxBytes: wishes.maxBytes,
      onKubernetes: false,
    },
    service: { namespace: 'shop', name: wishes.service ?? 'api', environment: 'test' },
    owner: {
      route: wishes.route ?? 'alloy',
      origin: `http://${wishes.route ?? 'alloy'}:4318`,
      version: '1.0.0',
      host: 'here',
      pid: process.pid,
    },
    world: { ...realWorld(), clock, fs: { ...fs, readFileSync: calm, ...wishes.fs } },
    report: {
      notice: (notice) => notices.push(notice),
      dropped: (reason, count, adopted) => {
        const name = adopted ? `adopted ${reason}` : reason;
        dropped[name] = (dropped[name] ?? 0) + count;
      },
      adopted: (count) => {
        told.adopted += count;
      },
      tookOver: (tookOver) => told.tookOver.push(tookOver),
      rewoken: () => {
        told.rewoken++;
      },
      gap: (gap) => gaps.push(gap),
    },
    ...(wishes.ringBytes === undefined ? {} : { ringBytes: wishes.ringBytes }),
    ...(wishes.crashPoint === undefined ? {} : { crashPoint: wishes.crashPoint }),
  };
  const spool = openSpool(options);
  t.after(() => spool.close());
  const put = (text: string, severity = 9): void => {
    const bytes = Buffer.from(text);
    spool.append(bytes, 0, bytes.length, spool.define(definition), severity);
    spool.appended();
  };
  const servicePath = (): string => join(root, 'v1', fs.readdirSync(join(root, 'v1'))[0] ?? '');
  return { spool, root, clock, notices, gaps, dropped, told, servicePath, put };
}

/** Everything that is pending, in its order; settled on the way. */
export function drain(queue: Queue | undefined): string[] {
  const texts: string[] = [];
  for (let batch = queue?.take(limits); batch !== undefined; batch = queue?.take(limits)) {
    for (let index = 0; index < batch.count; index++) {
      const [start, end] = [batch.starts[index], batch.ends[index]];
      texts.push(Buffer.from(batch.bytes.subarray(start, end)).toString());
    }
    queue?.settle(batch.seqs[batch.count - 1] ?? 0);
  }
  return texts;
}

export function drainOrphans(spool: Spool): string[] {
  const texts: string[] = [];
  for (let queue = spool.nextOrphan(); queue !== undefined; queue = spool.nextOrphan()) {
    texts.push(...drain(queue));
  }
  return texts;
}

/** Resolves when a scan has found what there is to be found, or throws after 2 s. */
export async function until(isDone: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!isDone()) {
    if (performance.now() > deadline) throw new Error('It did not happen within 10 s.');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export function codes(notices: readonly Notice[]): string[] {
  return notices.map(({ code }) => code.replace('OTEL_SETUP_SPOOL_', ''));
}
