// What the inbox has received: the newest records within a byte cap, the newest requests.

import type { IncomingHttpHeaders } from 'node:http';
import { type Entry, isSameMetadata } from './loki/entry.ts';
import { candidateOf, footprint, type StoredRecord } from './stored-record.ts';

export interface RequestEntry {
  /** Counts from 1. */
  readonly n: number;
  /** When it had been read, in ms since the epoch. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Bytes of the body as they came over the wire. */
  readonly bodyBytes: number;
  /** 0 when no answer was given. */
  readonly status: number;
  /** The text of the answer, '' when there is none. */
  readonly message: string;
  readonly stored: number;
  /** Repeats that were recognised and not stored. */
  readonly duplicates: number;
  /** Records that were neither stored nor recognised as repeats, whoever is to blame. */
  readonly rejected: number;
  /** The fault that was played. */
  readonly fault?: string;
}

export interface Totals {
  readonly requests: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly rejected: number;
}

/** More requests than these are forgotten, oldest first. */
const maxRequests = 10_000;

export class Store {
  readonly #maxBytes: number;
  #bytes = 0;
  #byTime = new Map<bigint, StoredRecord[]>();
  records: StoredRecord[] = [];
  requests: RequestEntry[] = [];
  totals: Totals = { requests: 0, stored: 0, duplicates: 0, rejected: 0 };

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add(entry: Entry, requestNumber: number): StoredRecord {
    const equals = this.#byTime.get(entry.timestampNs) ?? [];
    const isRepeat = equals.some((other) => isSame(other, entry));
    const record = { ...candidateOf(entry), duplicate: isRepeat, requestNumber };
    equals.push(record);
    this.#byTime.set(entry.timestampNs, equals);
    this.records.push(record);
    this.#bytes += footprint(record);
    return record;
  }

  addRequest(request: RequestEntry): void {
    this.requests.push(request);
    if (this.requests.length > maxRequests) this.requests.shift();
    const { requests, stored, duplicates, rejected } = this.totals;
    this.totals = {
      requests: requests + 1,
      stored: stored + request.stored,
      duplicates: duplicates + request.duplicates,
      rejected: rejected + request.rejected,
    };
    this.#evict();
  }

  clear(): void {
    this.records = [];
    this.requests = [];
    this.totals = { requests: 0, stored: 0, duplicates: 0, rejected: 0 };
    this.#byTime = new Map();
    this.#bytes = 0;
  }

  #evict(): void {
    let count = 0;
    for (const record of this.records) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#bytes -= footprint(record);
      this.#forgetTime(record);
      count++;
    }
    if (count > 0) this.records.splice(0, count);
  }

  #forgetTime(record: StoredRecord): void {
    const equals = this.#byTime.get(record.timestampNs)?.filter((other) => other !== record) ?? [];
    if (equals.length === 0) this.#byTime.delete(record.timestampNs);
    else this.#byTime.set(record.timestampNs, equals);
  }
}

function isSame(one: StoredRecord, other: Entry): boolean {
  return (
    one.line === other.line &&
    isSameMetadata(one.labels, other.labels) &&
    isSameMetadata(one.metadata, other.metadata)
  );
}
