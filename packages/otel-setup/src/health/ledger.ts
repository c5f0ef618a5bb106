// The counts behind `stats()`: each record that was accepted is delivered, dropped, or pending.

import {
  type DropReason,
  freeTier,
  type RecordCounts,
  type SpoolStats,
  type Stats,
} from './stats.ts';

/** Plain fields that the hot path increments itself: no call, no closure. */
export interface HotCounts {
  /** Records accepted from this process. */
  accepted: number;
  /** Bytes of their encoded form. */
  encodedBytes: number;
}

class Account {
  delivered = 0;
  readonly dropped = new Map<DropReason, number>();

  drop(reason: DropReason, count: number): void {
    add(this.dropped, reason, count);
  }

  // What is pending is the rest, so that the identity cannot be broken by a forgotten call.
  counts(accepted: number): RecordCounts {
    let pending = accepted - this.delivered;
    for (const count of this.dropped.values()) pending -= count;
    return { accepted, delivered: this.delivered, pending, dropped: frozenRecord(this.dropped) };
  }
}

// Each adopted directory can bring a label set of its own: a bound for a process that never ends.
const mostStreams = 10_000;

export class Ledger {
  readonly hot: HotCounts = { accepted: 0, encodedBytes: 0 };
  readonly #own = new Account();
  readonly #orphans = new Account();
  readonly #processed = new Map<string, number>();
  readonly #redacted = new Map<string, number>();
  readonly #changed = new Map<string, number>();
  readonly #streams = new Set<string>();
  readonly #now: () => number;
  readonly #route: string;
  #found = 0;
  #sentBytes = 0;
  #billedBytes = 0;
  #lastSuccessMs: number | undefined;

  constructor(route: string, now: () => number) {
    this.#route = route;
    this.#now = now;
  }

  /** Records found in the spool of a dead process. */
  adopted(count: number): void {
    this.#found += count;
  }

  /** Records that the endpoint confirmed; `wireBytes` is the body as sent. */
  delivered(count: number, wireBytes: number, adopted = false): void {
    this.#account(adopted).delivered += count;
    this.#sentBytes += wireBytes;
    this.#lastSuccessMs = this.#now();
  }

  /** What a confirmed request counts for in Loki; `stream` stands for its set of index labels. */
  billed(bytes: number, stream: string): void {
    this.#billedBytes += bytes;
    if (this.#streams.size < mostStreams) this.#streams.add(stream);
  }

  dropped(reason: DropReason, count: number, adopted = false): void {
    this.#account(adopted).drop(reason, count);
  }

  /** Records that a processing rule took out; they were never accepted. */
  processed(rule: string, count = 1): void {
    add(this.#processed, rule, count);
  }

  /** Secrets that a rule took out of records. */
  redacted(rule: string, count = 1): void {
    add(this.#redacted, rule, count);
  }

  /** Repairs made to records, for example `renamed` or `truncated`. */
  changed(kind: string, count = 1): void {
    add(this.#changed, kind, count);
  }

  /** Own records delivered so far. */
  get deliveredCount(): number {
    return this.#own.delivered;
  }

  stats(spool: SpoolStats): Stats {
    return Object.freeze({
      ...this.#own.counts(this.hot.accepted),
      route: this.#route,
      processed: frozenRecord(this.#processed),
      redacted: frozenRecord(this.#redacted),
      changed: frozenRecord(this.#changed),
      bytes: Object.freeze({
        encoded: this.hot.encodedBytes,
        sent: this.#sentBytes,
        billed: this.#billedBytes,
      }),
      streams: this.#streams.size,
      freeTier,
      adopted: Object.freeze(this.#orphans.counts(this.#found)),
      lastSuccess: this.#lastSuccessMs === undefined ? undefined : new Date(this.#lastSuccessMs),
      spool: Object.freeze({
        mode: spool.mode,
        directory: spool.directory,
        pendingBytes: spool.pendingBytes,
        diskBytes: spool.diskBytes,
        maxBytes: spool.maxBytes,
        oldestMs: spool.oldestMs,
      }),
    });
  }

  #account(adopted: boolean): Account {
    return adopted ? this.#orphans : this.#own;
  }
}

function add<Key>(counts: Map<Key, number>, key: Key, count: number): void {
  if (count > 0) counts.set(key, (counts.get(key) ?? 0) + count);
}

// `fromEntries` defines own properties: a rule named `__proto__` stays a count.
function frozenRecord<Key extends string>(counts: Map<Key, number>): Record<Key, number> {
  return Object.freeze(Object.fromEntries(counts)) as Record<Key, number>;
}
