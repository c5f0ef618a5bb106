// The soak's course: two logging processes, one that is killed again and again and one that lives through it all,
// before a receiver that misbehaves.

import { type ChildProcess, fork } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Range, Verdict } from './arrivals.ts';
import { ownGroup, pathOf, WriterProcess } from './process.ts';
import type { Order, Report, Tally } from './receiver.ts';
import { isExact, type Sample } from './sample.ts';
import { weather } from './weather.ts';

export interface SoakOptions {
  readonly ms: number;
  readonly rate: number;
  readonly random: () => number;
  readonly folder: string;
}

/** One a second, of the process that lives through it all. */
export interface Reading extends Sample {
  readonly diskBytes: number;
}

export interface Outcome {
  readonly verdicts: readonly Verdict[];
  readonly tally: Tally;
  readonly readings: readonly Reading[];
  readonly kills: number;
  /** Samples of any process whose sum did not add up. */
  readonly inexact: number;
  /** Final ledgers of processes that were allowed to end, beside what they were seen to log. */
  readonly ends: readonly { readonly sample: Sample | undefined; readonly logged: number }[];
  /** Bytes of records, and of what was set aside, in the spool at the very end. */
  readonly leftBytes: number;
}

const noTally: Tally = {
  arrived: 0,
  repeats: 0,
  altered: 0,
  disordered: 0,
  statuses: {},
  rss: 0,
};
const finishMs = 180_000;

export class Soak {
  kills = 0;
  sky = 'calm';
  tally: Tally = noTally;
  readonly samples = new Map<string, Sample>();
  readonly #options: SoakOptions;
  readonly #receiver: ChildProcess;
  readonly #ranges: Record<string, Range[]> = {};
  readonly #readings: Reading[] = [];
  readonly #end = new AbortController();
  #inexact = 0;
  #env: Record<string, string> = {};
  #steady: WriterProcess | undefined;
  #mortal: WriterProcess | undefined;

  constructor(options: SoakOptions) {
    this.#options = options;
    this.#receiver = fork(pathOf('receiver.ts'), [], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      detached: ownGroup,
    });
    this.#receiver.on('message', (report: Report) => {
      if (report.type === 'tally') this.tally = report;
    });
  }

  get accepted(): number {
    const live = [this.#steady, this.#mortal].filter((one) => one !== undefined);
    return [...Object.values(this.#ranges).flat(), ...live.map(({ range }) => range)].reduce(
      (sum, { first, last }) => sum + last - first + 1,
      0,
    );
  }

  get diskBytes(): number {
    return bytesBelow(this.#spool);
  }

  /** Ends the logging early. */
  stop(): void {
    this.#end.abort();
  }

  async run(): Promise<Outcome> {
    this.#env = this.#environment((await this.#ask({ type: 'up' }, 'listening')).url);
    this.#steady = this.#start('steady', 0, this.#options.rate / 2);
    const timer = setTimeout(() => this.stop(), this.#options.ms);
    await Promise.all([this.#storms(), this.#killings()]);
    clearTimeout(timer);
    this.#tell({ type: 'faults', faults: [] });
    this.sky = 'the end';
    const ends = [await this.#finish(this.#steady), await this.#finish(this.#mortal)];
    this.#steady = undefined;
    this.#mortal = undefined;
    await this.#sweep();
    const { verdicts } = await this.#ask({ type: 'judge', ranges: this.#ranges }, 'verdict');
    this.#receiver.disconnect();
    const { kills, tally } = this;
    const [readings, inexact, leftBytes] = [this.#readings, this.#inexact, this.diskBytes];
    return { verdicts: Object.values(verdicts), tally, readings, kills, inexact, ends, leftBytes };
  }

  get #spool(): string {
    return join(this.#options.folder, 'spool');
  }

  #environment(url: string): Record<string, string> {
    return {
      PATH: process.env.PATH ?? '',
      HOME: this.#options.folder,
      LOG_ROUTE: 'alloy',
      ALLOY_OTLP_ENDPOINT: url,
      LOG_SPOOL_DIR: this.#spool,
      LOG_CONSOLE: 'off',
      OTEL_SERVICE_NAME: 'soak',
      OTEL_EXPORTER_OTLP_TIMEOUT: '2000',
    };
  }

  #start(name: string, first: number, rate: number): WriterProcess {
    const { folder } = this.#options;
    const onSample = (sample: Sample): void => this.#took(sample);
    return new WriterProcess({ name, first, rate, folder, env: this.#env, onSample });
  }

  #took(sample: Sample): void {
    this.samples.set(sample.writer, sample);
    if (!isExact(sample.ledger) || !isExact(sample.ledger.adopted)) this.#inexact++;
    if (sample.writer !== 'steady' || sample.isFinal) return;
    this.#readings.push({ ...sample, diskBytes: this.diskBytes });
  }

  /** Storms are made for runs of five minutes and more; shorter ones have shorter storms. */
  get #scale(): number {
    return Math.min(1, this.#options.ms / 300_000);
  }

  async #storms(): Promise<void> {
    for (const spell of weather(this.#options.random, this.#scale)) {
      this.sky = spell.name;
      this.#tell(
        spell.faults === undefined ? { type: 'down' } : { type: 'faults', faults: spell.faults },
      );
      if (!(await this.#pause(spell.ms))) return;
    }
  }

  async #killings(): Promise<void> {
    const { random, rate } = this.#options;
    for (let first = 0; ; ) {
      this.#mortal = this.#start('mortal', first, rate / 2);
      if (!(await this.#pause(2_000 + random() * 40_000 * this.#scale))) return;
      // Some are asked to end, as a deploy does.
      await this.#mortal.signal(random() < 0.8 ? 'SIGKILL' : 'SIGTERM');
      this.kills++;
      const { range } = this.#mortal;
      this.#keep('mortal', range);
      // The next number is left out: it may be on its way, its call had not returned.
      first = range.last + 2;
    }
  }

  #keep(name: string, range: Range): void {
    this.#ranges[name] = [...(this.#ranges[name] ?? []), range];
  }

  async #finish(writer: WriterProcess | undefined): Promise<Outcome['ends'][number]> {
    if (writer === undefined) return { sample: undefined, logged: 0 };
    const sample = await writer.finish(finishMs);
    const { first, last } = writer.range;
    this.#keep(writer === this.#steady ? 'steady' : 'mortal', { first, last });
    return { sample, logged: last - first + 1 };
  }

  /** What both left, a directory nobody had looked at yet, is the next start's. */
  async #sweep(): Promise<void> {
    if (bytesBelow(this.#spool) === 0) return;
    const sweeper = this.#start('sweeper', 0, 0);
    const deadline = performance.now() + 30_000;
    while (hasSegments(this.#spool) && performance.now() < deadline) await delay(50);
    await sweeper.finish(finishMs);
  }

  /** False when the logging is to end. */
  async #pause(ms: number): Promise<boolean> {
    try {
      await delay(ms, undefined, { signal: this.#end.signal });
      return true;
    } catch {
      // Aborted.
      return false;
    }
  }

  #tell(order: Order): void {
    this.#receiver.send(order);
  }

  #ask<Type extends Report['type']>(
    order: Order,
    type: Type,
  ): Promise<Extract<Report, { type: Type }>> {
    // One listener until the answer is there: two reports may come in one turn.
    return new Promise((resolve) => {
      const listen = (report: Report): void => {
        if (report.type !== type) return;
        this.#receiver.removeListener('message', listen);
        resolve(report as Extract<Report, { type: Type }>);
      };
      this.#receiver.on('message', listen);
      this.#tell(order);
    });
  }
}

function files(path: string): string[] {
  try {
    return readdirSync(path, { recursive: true }).map(String);
  } catch {
    // A directory went away while it was read: the next look sees it.
    return [];
  }
}

const hasSegments = (path: string): boolean => files(path).some((name) => name.endsWith('.seg'));

/** Of records: segments and quarantine. */
function bytesBelow(path: string): number {
  return files(path)
    .filter((name) => name.endsWith('.seg') || name.endsWith('.ndjson'))
    .reduce(
      (sum, name) => sum + (statSync(join(path, name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
}
