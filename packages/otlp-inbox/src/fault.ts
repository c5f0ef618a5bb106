// The misbehaviours that the inbox plays on demand, and whose turn it is.

import type { Candidate } from './stored-record.ts';

interface Odds {
  /** How likely a request meets the fault, 0 to 1. @default 1 */
  readonly probability?: number;
  /** How many requests meet it before it is gone. @default no end, or 1 when pushed */
  readonly times?: number;
}

type Kind =
  /** The normal answer, but so late. */
  | { readonly type: 'slow'; readonly ms: number }
  /** Nothing is stored, no answer comes: none, none and the request unread, or headers alone. */
  | { readonly type: 'hang'; readonly where?: 'headers' | 'request' | 'body' }
  /** The connection is reset, before or after the records are stored. @default before */
  | { readonly type: 'cut'; readonly when?: 'before' | 'after' }
  | {
      readonly type: 'status';
      readonly status: number;
      readonly body?: string | Uint8Array;
      readonly headers?: Readonly<Record<string, string>>;
      readonly contentType?: string;
      /** @default false */
      readonly store?: boolean;
    }
  /** Nothing is stored. @default 429 */
  | { readonly type: 'retry-after'; readonly status?: 429 | 503; readonly value: string }
  /** 200 with `partial_success`: the first `rejected` records are not stored, the rest is. */
  | { readonly type: 'partial'; readonly rejected: number; readonly message?: string }
  /** Stored, then the connection is reset. */
  | { readonly type: 'lost-answer' }
  /** Stored, then random bytes: instead of HTTP, or as the body of a 200. @default http */
  | { readonly type: 'garbage'; readonly where?: 'http' | 'body' }
  /** 200 with a web page; nothing is stored. */
  | { readonly type: 'html' }
  /** Nothing is stored. @default 302 */
  | { readonly type: 'redirect'; readonly location: string; readonly status?: number }
  /** Stored, then 200 with a body of so many bytes, on request packed with gzip. */
  | { readonly type: 'huge-body'; readonly bytes: number; readonly gzip?: boolean }
  /** Stored, then 200 with a body that comes at this pace. @default 1024 bytes */
  | { readonly type: 'drip'; readonly bytesPerSecond: number; readonly bytes?: number }
  /** 260, as Loki answers while its operator blocks ingestion. */
  | { readonly type: 'blocked' }
  /** A request with one such record gets this answer; of the others all or none are stored. */
  | {
      readonly type: 'poison';
      readonly test: (record: Candidate) => boolean;
      readonly status: number;
      readonly body?: string;
      /** @default none */
      readonly store?: 'rest' | 'none';
    }
  /** Refuses unpacked bodies above `bytes`, with the words Loki has for the status. @default 413 */
  | { readonly type: 'max-bytes'; readonly bytes: number; readonly status?: 413 | 503 };

export type Fault = Kind & Odds;

export type FaultOf<Type extends Fault['type']> = Extract<Fault, { type: Type }>;

/** Those whose answer is the same whatever the request holds. */
export type AnswerFault = FaultOf<
  'status' | 'retry-after' | 'garbage' | 'html' | 'redirect' | 'huge-body' | 'drip' | 'blocked'
>;

/** Decides for each request which fault it meets. */
export class Faults {
  readonly #random: () => number;
  #standing: { fault: Fault; left: number }[] = [];
  readonly #queue: { fault: Fault; left: number }[] = [];

  constructor(random: () => number) {
    this.#random = random;
  }

  set(faults: readonly Fault[]): void {
    this.#standing = faults.map((fault) => ({ fault, left: fault.times ?? Infinity }));
  }

  push(fault: Fault): void {
    this.#queue.push({ fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#standing = [];
    this.#queue.length = 0;
  }

  /** The pushed ones first; of several standing ones at most one, each with its own probability. */
  next(): Fault | undefined {
    const first = this.#queue[0];
    if (first) {
      first.left--;
      if (first.left <= 0) this.#queue.shift();
      return this.#random() < (first.fault.probability ?? 1) ? first.fault : undefined;
    }
    let draw = this.#random();
    for (const one of this.#standing) {
      if (one.left <= 0) continue;
      draw -= one.fault.probability ?? 1;
      if (draw >= 0) continue;
      one.left--;
      return one.fault;
    }
    return undefined;
  }
}

/** A small seeded generator, so that a run of faults can be had again. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
