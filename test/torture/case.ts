// One test's surroundings: its folder, its receiver, its processes, its seed; and the default pass over them.

import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { assert } from './assert.ts';
import { type Evidence, folders, readEvidence } from './oracle/evidence.ts';
import { checkLiveness } from './oracle/host.ts';
import { inspectSpool } from './oracle/inspector.ts';
import { type Allowances, judge, type VerdictName } from './oracle/verdicts.ts';
import type { Plan } from './plan.ts';
import { type ProcessEnd, type ProcessOptions, TorturedProcess } from './process.ts';
import { type Receiver, type ReceiverOptions, startReceiver } from './receiver.ts';
import { isStock, seeded } from './settings.ts';

export type Figures = Record<string, string | number>;

export interface StartOptions
  extends Partial<Omit<ProcessOptions, 'env'>>,
    Partial<Omit<Plan, 'run' | 'folder'>> {
  /** On top of the bare environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface SettleOptions extends StartOptions {
  /** The wait that the last fault may have caused (back-off, probe, Retry-After), in ms. @default 0 */
  readonly waitMs?: number;
  /** For the backlog. @default 60 s */
  readonly timeoutMs?: number;
}

const pollMs = 20;
/** What the stock pipeline dropped never comes; what it tries again comes within these. */
const stockPatienceMs = 15_000;
/** Of a process; the stock pipeline's waits are longer ones. */
const defaultWatchdogMs = isStock ? 300_000 : 60_000;

export class Case {
  readonly t: TestContext;
  readonly seed: number;
  readonly random: () => number;
  readonly run: string;
  readonly folder: string;
  readonly figures: Figures = {};
  #receiver: (Receiver & AsyncDisposable) | undefined;
  #isListening = false;
  #writers = 0;
  readonly #processes = new Set<TorturedProcess>();

  constructor(t: TestContext, seed: number) {
    this.t = t;
    this.seed = seed;
    this.random = seeded(seed);
    this.run = seed.toString(36);
    this.folder = mkdtempSync(join(tmpdir(), 'otel-torture-'));
    for (const name of [folders.control, folders.samples, folders.notices]) {
      mkdirSync(join(this.folder, name));
    }
  }

  get spoolRoot(): string {
    return join(this.folder, folders.spool);
  }

  get receiver(): Receiver {
    assert.ok(this.#receiver, 'receive() comes first');
    return this.#receiver;
  }

  /** An integer from 0 up to, and without, `end`. */
  draw(end: number): number {
    return Math.floor(this.random() * end);
  }

  /** Starts the receiver; a second one, on the same port if that is given, goes on with what arrived. */
  async receive(options: Partial<ReceiverOptions> = {}): Promise<Receiver> {
    await this.closeReceiver();
    const before = this.#receiver?.arrivals;
    this.#receiver = await startReceiver({
      run: this.run,
      journal: join(this.folder, 'journal.ndjson'),
      seed: this.seed,
      ...(isStock ? { patienceMs: stockPatienceMs } : {}),
      ...(before === undefined ? {} : { arrivals: before }),
      ...options,
    });
    this.#isListening = true;
    return this.#receiver;
  }

  /** From now on its port refuses connections. */
  async closeReceiver(): Promise<void> {
    if (!this.#isListening) return;
    this.#isListening = false;
    await this.#receiver?.[Symbol.asyncDispose]();
  }

  /** What a process of this case has in its environment. */
  environment(): Record<string, string> {
    return {
      PATH: process.env.PATH ?? '',
      HOME: this.folder,
      TMPDIR: this.folder,
      LOG_SPOOL_DIR: this.spoolRoot,
      LOG_CONSOLE: 'off',
      LOG_ROUTE: 'alloy',
      OTEL_SERVICE_NAME: 'tortured',
      ...(isStock ? { OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/json' } : {}),
      ...(this.#receiver === undefined ? {} : { ALLOY_OTLP_ENDPOINT: this.#receiver.inbox.url }),
    };
  }

  /** A process that has loaded the SDK and waits for init(). */
  async prepare(options: StartOptions = {}): Promise<TorturedProcess> {
    const { env, nodeArgs, uid, watchdogMs, wrapper, ...rest } = options;
    this.#writers++;
    const writer = rest.writer ?? `w${this.#writers}`;
    const plan: Plan = {
      sdk: rest.faults === undefined ? 'public' : 'world',
      ...rest,
      writer,
      run: this.run,
      folder: this.folder,
    };
    const started = new TorturedProcess(plan, {
      env: { ...this.environment(), ...env },
      ...(nodeArgs === undefined ? {} : { nodeArgs }),
      ...(uid === undefined ? {} : { uid }),
      watchdogMs: watchdogMs ?? defaultWatchdogMs,
      ...(wrapper === undefined ? {} : { wrapper }),
    });
    this.#processes.add(started);
    await started.ready();
    return started;
  }

  async start(options: StartOptions = {}): Promise<TorturedProcess> {
    const started = await this.prepare(options);
    await started.init();
    return started;
  }

  /**
   * The end of a case: a fresh process logs a record, which must be stored in time, and delivers what all others
   * left; then it ends of itself.
   */
  async settle({ timeoutMs = 60_000, waitMs = 0, ...options }: SettleOptions = {}): Promise<{
    readonly initMs: number;
  }> {
    const { arrivals } = this.receiver;
    const healedAtMs = performance.now();
    const last = await this.prepare({ watchdogMs: timeoutMs + 30_000, ...options });
    const begun = await last.init();
    if (isStock) {
      await this.endStock(last);
      return begun;
    }
    await last.log({ count: 1 });
    let freshAtMs: number | undefined;
    await this.until(
      async () => {
        const { adopted, pending } = await last.stats();
        // Behind the figures: the record may arrive while they are on their way.
        if (freshAtMs === undefined && arrivals.has(last.writer, 1)) {
          freshAtMs = this.receiver.storedAtMs;
        }
        return pending + adopted.pending === 0 && this.directories().length <= 1;
      },
      'everything is delivered',
      timeoutMs,
    );
    assert.deepEqual(checkLiveness(freshAtMs, healedAtMs, waitMs), []);
    await last.send({ type: 'sample', isLast: true });
    const { code, signal, stderr } = await last.end('natural');
    assert.deepEqual({ code, signal }, { code: 0, signal: null }, stderr);
    return begun;
  }

  /**
   * The end of a process with the stock pipeline, once all is well again: it flushes what it still has, then ends of
   * itself, or by its watchdog.
   */
  async endStock(process: TorturedProcess): Promise<ProcessEnd> {
    await process.log({ count: 1 });
    await process.flush(30_000);
    return await process.end('natural');
  }

  /** Visible directories of processes below the root. */
  directories(): string[] {
    const v1 = join(this.spoolRoot, 'v1');
    return list(v1).flatMap((service) =>
      list(join(v1, service))
        .filter((name) => /^[0-9a-z]{8}$/.test(name))
        .map((name) => join(v1, service, name)),
    );
  }

  spool(): ReturnType<typeof inspectSpool> {
    return inspectSpool(this.spoolRoot);
  }

  evidence(): Evidence {
    return readEvidence(this.folder, this.receiver.arrivals, this.spoolRoot);
  }

  /** Every verdict; fails with the sentences of those that were not passed. */
  judge(allowances: Allowances = {}, without: readonly VerdictName[] = []): Evidence {
    const evidence = this.evidence();
    if (isStock) return evidence;
    const { arrivals } = evidence;
    Object.assign(this.figures, {
      records: [...evidence.obligations.values()].reduce((sum, max) => sum + max, 0),
      'came twice': arrivals.duplicates,
    });
    assert.deepEqual(judge(evidence, allowances, without), {});
    return evidence;
  }

  /** Asks again and again until it holds; rejects when the time is over. */
  async until(
    isMet: () => boolean | Promise<boolean>,
    what: string,
    timeoutMs = 10_000,
  ): Promise<void> {
    const deadline =
      performance.now() + (isStock ? Math.min(timeoutMs, stockPatienceMs) : timeoutMs);
    while (!(await isMet())) {
      if (performance.now() > deadline) {
        if (isStock) return;
        const { distinct, requests } = this.receiver.arrivals;
        assert.fail(
          `${what}: not within ${timeoutMs} ms; ${distinct} records stored in ${requests} requests`,
        );
      }
      await wait(pollMs);
    }
  }

  /** Ends what still runs; keeps the folder of a case that failed. */
  async close(isPassed: boolean): Promise<void> {
    for (const process of this.#processes) if (!process.isOver) await process.kill();
    await this.closeReceiver();
    if (isPassed) rmSync(this.folder, { recursive: true, force: true });
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    // Not made yet, or removed.
    return [];
  }
}
