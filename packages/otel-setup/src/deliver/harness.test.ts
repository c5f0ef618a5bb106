// The loop's surroundings for tests: a clock that is moved by hand, a queue in memory, an endpoint
// that answers as a function says. It holds no tests itself.

import type { Notice } from '../errors.ts';
import type { Batch, Definition } from '../record/batch.ts';
import type { Clock, Timer } from '../world.ts';
import type { Answer, Send } from './answer.ts';
import { type Deliverer, type DelivererOptions, startDeliverer } from './deliverer.ts';
import type { DropReason, Queue, TakeLimits } from './queue.ts';

export const startMs = 1_800_000_000_000;

export class FakeClock implements Clock {
  timeMs = 0;
  #serial = 0;
  readonly timers = new Map<
    Timer,
    { at: number; serial: number; run: () => void; isRef: boolean }
  >();

  now(): number {
    return startMs + this.timeMs;
  }

  monotonic(): number {
    return this.timeMs;
  }

  setTimeout(run: () => void, delayMs: number): Timer {
    const entry = { at: this.timeMs + delayMs, serial: this.#serial++, run, isRef: true };
    const timer = {
      ref: () => Object.assign(entry, { isRef: true }),
      unref: () => Object.assign(entry, { isRef: false }),
    };
    this.timers.set(timer, entry);
    return timer;
  }

  clearTimeout(timer: Timer): void {
    this.timers.delete(timer);
  }

  /** Runs what falls due, and lets promises settle in between. */
  async advance(byMs: number): Promise<void> {
    const end = this.timeMs + byMs;
    for (;;) {
      await settled();
      let next: [Timer, { at: number; serial: number; run: () => void }] | undefined;
      for (const timer of this.timers) {
        const isFirst =
          next === undefined ||
          timer[1].at < next[1].at ||
          (timer[1].at === next[1].at && timer[1].serial < next[1].serial);
        if (timer[1].at <= end && isFirst) next = timer;
      }
      if (next === undefined) break;
      this.timers.delete(next[0]);
      this.timeMs = Math.max(this.timeMs, next[1].at);
      next[1].run();
    }
    this.timeMs = end;
  }

  get refs(): number {
    return [...this.timers.values()].filter((timer) => timer.isRef).length;
  }
}

/** Numbers from 0 to 1, the same ones for the same seed: what failed once fails again. */
export function randomFrom(seed: number): () => number {
  let last = seed * 99_991;
  return () => {
    last = (last * 16_807) % 2_147_483_647;
    return last / 2_147_483_647;
  };
}

/** Every promise that can settle without a timer has settled. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 2; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

export interface Stored {
  readonly seq: number;
  readonly bytes: Uint8Array;
  readonly madeMs: number;
}

export const definition: Definition = { resource: new Uint8Array(20), scope: new Uint8Array(10) };

export class FakeQueue implements Queue {
  readonly adopted: boolean;
  readonly label = 'fake';
  readonly quarantined: { seq: number; reason: string; words: string }[] = [];
  records: Stored[] = [];
  pendingBytes = 0;
  #seq = 0;
  readonly #clock: Clock;

  constructor(clock: Clock, adopted = false) {
    this.#clock = clock;
    this.adopted = adopted;
  }

  get pending(): number {
    return this.records.length;
  }

  add(bytes: Uint8Array | number): number {
    const payload = typeof bytes === 'number' ? new Uint8Array(bytes) : bytes;
    this.#seq += 1;
    this.records.push({ seq: this.#seq, bytes: payload, madeMs: this.#clock.monotonic() });
    this.pendingBytes += payload.length;
    return this.#seq;
  }

  take(limits: TakeLimits): Batch | undefined {
    const taken: Stored[] = [];
    let bytes = 0;
    let expanded = 0;
    for (const record of this.records) {
      bytes += record.bytes.length;
      expanded += record.bytes.length + 30;
      const isOver = bytes > limits.maxBytes || expanded > limits.maxExpandedBytes;
      if (taken.length > 0 && (isOver || taken.length === limits.maxRecords)) break;
      taken.push(record);
    }
    return taken.length === 0 ? undefined : toBatch(taken);
  }

  settle(seq: number): void {
    const left = this.records.findIndex((record) => record.seq > seq);
    const done = this.records.splice(0, left === -1 ? this.records.length : left);
    for (const record of done) this.pendingBytes -= record.bytes.length;
  }

  quarantine(batch: Batch, index: number, reason: string, words: string): void {
    this.quarantined.push({ seq: batch.seqs[index] ?? -1, reason, words });
  }
}

export function toBatch(records: readonly Stored[]): Batch {
  const starts: number[] = [];
  const ends: number[] = [];
  let at = 0;
  for (const { bytes } of records) {
    starts.push(at);
    at += bytes.length;
    ends.push(at);
  }
  const bytes = Buffer.concat(records.map((record) => record.bytes));
  const seqs = records.map((record) => record.seq);
  const definitions = records.map(() => definition);
  return { bytes, starts, ends, seqs, definitions, count: records.length };
}

/** What the endpoint saw of a request. */
export interface Seen {
  readonly atMs: number;
  readonly seqs: readonly number[];
  readonly bytes: number;
}

export type Endpoint = (seen: Seen) => Answer | Promise<Answer>;

export function answer(status: number, body: string | Uint8Array = '', headers = {}): Answer {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const none = { contentType: undefined, retryAfter: undefined, date: undefined };
  const all = { ...none, ...headers };
  return { type: 'answer', status, headers: all, body: bytes, cut: false, wireBytes: 10 };
}

/** The body of Loki's errors: google.rpc.Status. */
export function rpcStatus(code: number, message: string): Uint8Array {
  const text = Buffer.from(message);
  const length = text.length < 128 ? [text.length] : [(text.length % 128) + 128, text.length >> 7];
  return Buffer.concat([Buffer.from([0x08, code, 0x12, ...length]), text]);
}

export interface Bench {
  readonly clock: FakeClock;
  readonly own: FakeQueue;
  readonly deliverer: Deliverer;
  readonly requests: Seen[];
  readonly notices: Notice[];
  readonly recovered: string[];
  readonly dropped: Partial<Record<DropReason, number>>;
  readonly counts: { delivered: number; truncated: number; duplicates: number; inFlight: number };
  /** `seq`s in the order in which they were stored. */
  readonly stored: number[];
}

export interface BenchOptions {
  readonly endpoint: Endpoint;
  readonly orphans?: FakeQueue[];
  readonly clock?: FakeClock;
  readonly random?: () => number;
  readonly limits?: DelivererOptions['limits'];
  readonly truncate?: DelivererOptions['truncate'];
  readonly secrets?: readonly string[];
}

/** A deliverer whose requests go to `endpoint`; a 2xx stores what it holds. */
export function startBench(options: BenchOptions): Bench {
  const clock = options.clock ?? new FakeClock();
  const own = new FakeQueue(clock);
  const bodies = new WeakMap<Uint8Array, readonly number[]>();
  const log = { requests: [] as Seen[], notices: [] as Notice[], recovered: [] as string[] };
  const counts = { delivered: 0, truncated: 0, duplicates: 0, inFlight: 0 };
  const dropped: Bench['dropped'] = {};
  const stored: number[] = [];
  const send: Send = async (body, signal) => {
    const seen = { atMs: clock.timeMs, seqs: bodies.get(body) ?? [], bytes: body.length };
    log.requests.push(seen);
    counts.inFlight += 1;
    const aborted = { type: 'failure', kind: 'aborted', message: '', code: undefined } as const;
    let abort: () => void = () => undefined;
    const stop = new Promise<Answer>((resolve) => {
      abort = () => resolve(aborted);
    });
    signal.addEventListener('abort', abort);
    const result = await Promise.race([options.endpoint(seen), stop]);
    signal.removeEventListener('abort', abort);
    counts.inFlight -= 1;
    if (result.type === 'answer' && result.status === 204) stored.push(...seen.seqs);
    return result;
  };
  const orphans = options.orphans ?? [];
  const deliverer = startDeliverer({
    own,
    nextOrphan: () => orphans.find((queue) => queue.pending > 0),
    compose: (batch, from, to) => {
      const body = new Uint8Array(
        (batch.ends[to - 1] ?? 0) - (batch.starts[from] ?? 0) + 6 * (to - from) + 30,
      );
      bodies.set(body, Array.from(batch.seqs).slice(from, to));
      return body;
    },
    truncate: options.truncate ?? ((payload, maxBytes) => payload.slice(0, maxBytes)),
    send,
    report: {
      delivered: (count) => {
        counts.delivered += count;
      },
      dropped: (reason, count) => {
        dropped[reason] = (dropped[reason] ?? 0) + count;
      },
      truncated: (count) => {
        counts.truncated += count;
      },
      duplicatePossible: (count) => {
        counts.duplicates += count;
      },
      notice: (notice) => log.notices.push(notice),
      recovered: (codes, detail) => log.recovered.push(...codes, detail),
    },
    world: { clock, random: options.random ?? randomFrom(1) },
    routeName: 'direct',
    origin: 'https://gateway.example',
    settings: { url: 'GRAFANA_CLOUD_OTLP_ENDPOINT', credentials: 'GRAFANA_CLOUD_API_KEY' },
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    ...(options.secrets === undefined ? {} : { secrets: options.secrets }),
  });
  return { clock, own, deliverer, counts, dropped, stored, ...log };
}

/** `count` records of `bytes` each, announced as the spool does. */
export function log(bench: Bench, count: number, bytes: number): void {
  for (let i = 0; i < count; i += 1) {
    bench.own.add(bytes);
    bench.deliverer.wake();
  }
}
