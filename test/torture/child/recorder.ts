// Writes down what the oracle will ask for: each returned call, the ledger each 100 ms and after each step, each
// notice. All of it by synchronous writes, so that a kill takes nothing of it.

import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Notice, Telemetry } from 'otel-setup';
import { ControlFile } from '../oracle/control-file.ts';
import { folders } from '../oracle/evidence.ts';
import { formatId, lengths, payloadOf } from '../oracle/payload.ts';
import type { LogCommand, Plan } from '../plan.ts';
import type { Sdk } from './sdk.ts';

const sampleMs = 100;
const { performance } = globalThis;

export class Recorder {
  readonly #plan: Plan;
  readonly #control: ControlFile;
  readonly #samples: number;
  readonly #notices: number;
  #seq = 0;
  #sampledAt = 0;
  #sdk: Sdk | undefined;

  constructor(plan: Plan) {
    const path = (kind: keyof typeof folders) => join(plan.folder, folders[kind], plan.writer);
    this.#plan = plan;
    this.#control = new ControlFile(path('control'));
    this.#samples = openSync(path('samples'), 'ax');
    this.#notices = openSync(path('notices'), 'ax');
  }

  start(sdk: Sdk): void {
    this.#sdk = sdk;
    setInterval(() => this.sampleIfDue(), sampleMs).unref();
  }

  /** One record with the next id; its call has returned when this has. */
  log({ errorEvery, level = 'info', size = 300 }: LogCommand): void {
    const seq = this.#seq + 1;
    const { run, writer } = this.#plan;
    const id = formatId(run, writer, seq);
    const bytes = size === 'mixed' ? mixedSize(seq) : size;
    const isError = errorEvery !== undefined && seq % errorEvery === 0;
    this.#sdk?.logger.log(isError ? 'error' : level, payloadOf(id, bytes), { id, size: bytes });
    this.#seq = seq;
    // The control run owes nothing.
    if (this.#plan.sdk !== 'none') this.#control.returned(seq);
  }

  notice(notice: Notice, atMs: number): void {
    writeSync(this.#notices, `${JSON.stringify({ ...notice, atMs })}\n`);
  }

  sampleIfDue(): void {
    if (performance.now() - this.#sampledAt >= sampleMs) this.sample(false);
  }

  sample(isLast: boolean): ReturnType<Telemetry['stats']> | undefined {
    this.#sampledAt = performance.now();
    const stats = this.#sdk?.telemetry?.stats();
    if (stats === undefined) return undefined;
    const { accepted, adopted, delivered, dropped, pending } = stats;
    const metrics = this.#sdk?.meter?.read();
    const ledger = { accepted, delivered, pending, dropped, adopted };
    const line = { isLast, logged: this.#seq, ...ledger, ...(metrics && { metrics }) };
    writeSync(this.#samples, `${JSON.stringify(line)}\n`);
    return stats;
  }

  get logged(): number {
    return this.#seq;
  }
}

/** Of 100 records one is huge, five fill a page, ten a kilobyte, four are empty, the rest short. */
function mixedSize(seq: number): number {
  const place = seq % 100;
  if (place === 50) return lengths.huge;
  if (place % 20 === 7) return lengths.page;
  if (place % 10 === 3) return lengths.plain;
  return place % 25 === 1 ? lengths.empty : lengths.short;
}
