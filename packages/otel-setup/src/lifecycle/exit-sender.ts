// Sends at the 'exit' event, where no callback runs any more: a worker thread started now still can.

import type { Worker } from 'node:worker_threads';
import type { Clock } from '../world.ts';
import { CONTENT_TYPES, CONTROL, exitProgram, SLOT, STATE } from './exit-program.ts';

/** One request, ready to be sent, and the last sequence number that its success settles. */
export interface ExitBatch {
  readonly body: Uint8Array;
  readonly lastSeq: number;
}

/** A confirmation is 204, or 200 with a body that is empty, protobuf or JSON (cut at 2 KiB). */
export interface ExitAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
  /** Bytes of the request's body as it was sent. */
  readonly wireBytes: number;
}

/** Where and how the worker sends; read when the process ends. */
export interface ExitTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly gzip: boolean;
  /** PEM texts; `ca` takes the place of the default authorities. */
  readonly ca?: readonly string[] | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** The proxy's URL, user-info included; reached by CONNECT. */
  readonly proxy?: string | undefined;
  /** Of the host to connect to (the proxy's, where there is one), if they are known without asking. */
  readonly addresses?: readonly { readonly address: string; readonly family: number }[] | undefined;
}

export interface ExitSenderOptions {
  readonly worker: typeof Worker;
  readonly clock: Clock;
  target(): ExitTarget | undefined;
  /** What is pending of the own queue, oldest first, in requests of usual size. */
  exitBatches(maxBytes: number): readonly ExitBatch[];
  settle(lastSeq: number, answer: ExitAnswer): void;
  /** The answer after which no more was sent: no confirmation. */
  refused(answer: ExitAnswer): void;
  isForbiddenAddress(ip: string): boolean;
}

// As much as the ring holds: in `memory` mode nothing else keeps the records.
const MAX_BYTES = 8 * 1024 * 1024;
const QUESTION_BYTES = 4096;

/**
 * Blocks for `budgetMs` at most. Settles what was confirmed, in order; the rest stays pending.
 * May throw (`--permission` without `--allow-worker`, no memory for a thread).
 */
export function sendAtExit(options: ExitSenderOptions, budgetMs: number): void {
  const deadline = options.clock.monotonic() + budgetMs;
  const target = options.target();
  const batches = target === undefined ? [] : options.exitBatches(MAX_BYTES);
  if (target === undefined || batches.length === 0) return;
  const shared = shareWith(batches);
  const worker = new options.worker(exitProgram, {
    eval: true,
    name: 'otel-setup exit',
    // Neither NODE_OPTIONS nor `--import otel-setup/register` may run in here.
    env: {},
    execArgv: [],
    // Piped to a main thread that reads no more: nothing of ours reaches the application's output.
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: 48, maxYoungGenerationSizeMb: 8, stackSizeMb: 2 },
    workerData: { ...shared, slot: SLOT, target },
  });
  // Whoever emits 'exit' without ending must not meet an unhandled 'error' of this worker, nor be kept alive.
  worker.on('error', () => undefined);
  worker.unref();
  waitFor(shared, deadline, options);
  // What the worker still sent from here on would be sent a second time by the next process.
  Atomics.store(shared.control, CONTROL.stop, 1);
  const stored = Atomics.load(shared.control, CONTROL.stored);
  for (const [index, batch] of batches.slice(0, stored).entries()) {
    options.settle(batch.lastSeq, answerIn(shared.slots, index));
  }
  if (Atomics.load(shared.control, CONTROL.refused) === 1) {
    options.refused(answerIn(shared.slots, stored));
  }
}

interface Shared {
  readonly control: Int32Array;
  readonly bytes: Uint8Array;
  readonly spans: readonly (readonly [start: number, end: number])[];
  readonly slots: Uint8Array;
  readonly question: Uint8Array;
}

// One copy into shared memory: cloning a view would clone the whole buffer beneath it.
function shareWith(batches: readonly ExitBatch[]): Shared {
  const total = batches.reduce((sum, { body }) => sum + body.length, 0);
  const bytes = new Uint8Array(new SharedArrayBuffer(total));
  const spans: [number, number][] = [];
  let end = 0;
  for (const { body } of batches) {
    bytes.set(body, end);
    spans.push([end, end + body.length]);
    end += body.length;
  }
  const slotBytes = SLOT.headBytes + SLOT.bodyBytes;
  return {
    control: new Int32Array(new SharedArrayBuffer(4 * CONTROL.length)),
    bytes,
    spans,
    slots: new Uint8Array(new SharedArrayBuffer(batches.length * slotBytes)),
    question: new Uint8Array(new SharedArrayBuffer(QUESTION_BYTES)),
  };
}

function waitFor(shared: Shared, deadline: number, options: ExitSenderOptions): void {
  const { control } = shared;
  while (Atomics.load(control, CONTROL.state) !== STATE.done) {
    if (Atomics.load(control, CONTROL.state) === STATE.asked) {
      const forbidden = addressesIn(shared.question).some((ip) => options.isForbiddenAddress(ip));
      Atomics.store(control, CONTROL.allowed, forbidden ? 0 : 1);
      Atomics.store(control, CONTROL.state, STATE.waiting);
      Atomics.notify(control, CONTROL.state);
    }
    const leftMs = deadline - options.clock.monotonic();
    if (leftMs <= 0) return;
    Atomics.wait(control, CONTROL.state, STATE.waiting, leftMs);
  }
}

function addressesIn(question: Uint8Array): string[] {
  const text = Buffer.from(question.slice(0, question.indexOf(0))).toString();
  return text.split(',');
}

function answerIn(slots: Uint8Array, index: number): ExitAnswer {
  const at = index * (SLOT.headBytes + SLOT.bodyBytes);
  const [status = 0, type = 0, wireBytes = 0, length = 0] = new Int32Array(slots.buffer, at, 4);
  const start = at + SLOT.headBytes;
  const contentType = CONTENT_TYPES[type] ?? 'other';
  return { status, contentType, wireBytes, body: slots.slice(start, start + length) };
}
