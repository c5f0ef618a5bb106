// One stream as Loki's ingester keeps it: its newest time, its last entry, its head block.

import { type Entry, entryBytes, isSameEntry, type PushContext, type Refusal } from './entry.ts';
import { byteSize, goTime, rfc3339 } from './go-text.ts';
import { TokenBucket } from './token-bucket.ts';
import { nanoseconds, totalBytes } from './validate.ts';

/** Loki lists no more entries than these in one answer. */
const maxListed = 10;

export interface StreamResult {
  readonly stored: readonly Entry[];
  readonly duplicates: readonly Entry[];
  readonly rejected: number;
  readonly refusal: Refusal | undefined;
}

interface Failure {
  readonly entry: Entry;
  readonly reason: string;
}

export class Stream {
  readonly #bucket: TokenBucket | undefined;
  #last: Entry | undefined;
  #newestNs: bigint | undefined;
  #head = new Map<bigint, Entry[]>();
  #headBytes = 0;
  writtenMs = 0;

  constructor({ limits }: PushContext) {
    const { streamRateBytes, streamBurstBytes } = limits;
    if (streamRateBytes > 0) this.#bucket = new TokenBucket(streamRateBytes, streamBurstBytes);
  }

  push(entries: readonly Entry[], context: PushContext): StreamResult {
    this.writtenMs = context.nowMs;
    const { fresh, repeats, late } = this.#sift(entries, context);
    if (this.#bucket && !this.#bucket.take(totalBytes(fresh), context.nowMs)) {
      const failures = fresh.map((entry) => ({ entry, reason: rateReason(entry, context) }));
      const refusal = refuse(429, failures, entries, context);
      return { stored: [], duplicates: [], rejected: entries.length, refusal };
    }
    const duplicates = [...repeats];
    const stored: Entry[] = [];
    for (const entry of fresh) {
      (this.#append(entry, context.limits.headBlockBytes) ? stored : duplicates).push(entry);
    }
    const refusal = late.length > 0 ? refuse(400, late, entries, context) : undefined;
    return { stored, duplicates, rejected: late.length, refusal };
  }

  /** Sets aside repeats of the entry just before, and what lies too far behind the newest. */
  #sift(entries: readonly Entry[], { limits }: PushContext) {
    const behindNs = nanoseconds(limits.maxBehindMs);
    let last = this.#last;
    let newestNs = this.#newestNs;
    const fresh: Entry[] = [];
    const repeats: Entry[] = [];
    const late: Failure[] = [];
    for (const entry of entries) {
      if (last && isSameEntry(entry, last)) {
        repeats.push(entry);
        continue;
      }
      newestNs ??= entry.timestampNs;
      if (entry.timestampNs < newestNs - behindNs) {
        late.push({ entry, reason: lateReason(entry, newestNs - behindNs) });
        continue;
      }
      fresh.push(entry);
      last = entry;
      if (entry.timestampNs > newestNs) newestNs = entry.timestampNs;
    }
    return { fresh, repeats, late };
  }

  /** False when the head block holds the same entry already. */
  #append(entry: Entry, headBlockBytes: number): boolean {
    this.#last = entry;
    if (this.#newestNs === undefined || entry.timestampNs > this.#newestNs) {
      this.#newestNs = entry.timestampNs;
    }
    const equals = this.#head.get(entry.timestampNs);
    if (equals?.some((other) => isSameEntry(other, entry))) return false;
    if (equals) equals.push(entry);
    else this.#head.set(entry.timestampNs, [entry]);
    // The block counts lines, and eight bytes a piece of metadata: its texts lie in a table.
    this.#headBytes += entry.lineBytes + Object.keys(entry.metadata).length * 8;
    if (this.#headBytes >= headBlockBytes) {
      this.#head = new Map();
      this.#headBytes = 0;
    }
    return true;
  }
}

function lateReason(entry: Entry, oldestNs: bigint): string {
  return `entry too far behind, entry timestamp is: ${rfc3339(entry.timestampNs)}, oldest acceptable timestamp is: ${rfc3339(oldestNs)}`;
}

function rateReason(entry: Entry, { limits }: PushContext): string {
  return `Per stream rate limit exceeded (limit: ${byteSize(limits.streamRateBytes)}/sec) while attempting to ingest for stream '${entry.stream}' totaling ${byteSize(entryBytes(entry))}, consider splitting a stream via additional labels or contact your Loki administrator to see if the limit can be increased`;
}

function refuse(
  status: number,
  failures: readonly Failure[],
  entries: readonly Entry[],
  { tenant }: PushContext,
): Refusal {
  const lines = failures
    .slice(0, maxListed)
    .map(
      ({ entry, reason }) =>
        `entry with timestamp ${goTime(entry.timestampNs)} ignored, reason: '${reason}',\n`,
    );
  const name = entries[0]?.stream;
  const total = `total ignored: ${failures.length} out of ${entries.length} for stream: ${name}`;
  return { status, message: `${lines.join('')}user '${tenant}', ${total}` };
}
