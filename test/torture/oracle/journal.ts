// What the receiver wrote down, a line of JSON a request, before it answered; and what follows from it for each
// record.

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { ReadRecord } from './log-record.ts';
import { parseId } from './payload.ts';

/** A stored record: id, SHA-256 of its LogRecord and of its resource (16 digits each), state of its payload. */
export type StoredLine = readonly [
  id: string | null,
  record: string,
  resource: string,
  payload: ReadRecord['payload'],
];

export interface JournalLine {
  /** Number of arrival, from 1. */
  readonly n: number;
  /** Monotonic. */
  readonly atMs: number;
  readonly path: string;
  readonly headerNames: readonly string[];
  readonly credentialSha256: string | null;
  readonly bytes: number;
  /** 0: none was given. */
  readonly status: number;
  readonly fault: string | null;
  readonly duplicates: number;
  readonly rejected: number;
  readonly records: readonly StoredLine[];
}

export async function* readJournal(path: string): AsyncGenerator<JournalLine> {
  for await (const line of createInterface({ input: createReadStream(path) })) {
    if (line !== '') yield JSON.parse(line) as JournalLine;
  }
}

export async function readArrivals(path: string, run: string): Promise<Arrivals> {
  const arrivals = new Arrivals(run);
  for await (const line of readJournal(path)) arrivals.add(line);
  return arrivals;
}

/** The records of one writer: for each seq a number that stands for its bytes and its resource. */
class WriterArrivals {
  count = 0;
  max = 0;
  last = 0;
  #identities = new Float64Array(1024);

  identity(seq: number): number {
    return this.#identities[seq] ?? 0;
  }

  keep(seq: number, identity: number): void {
    if (seq >= this.#identities.length) {
      const grown = new Float64Array(Math.max(seq + 1, this.#identities.length * 2));
      grown.set(this.#identities);
      this.#identities = grown;
    }
    this.#identities[seq] = identity;
    this.count++;
    this.max = Math.max(this.max, seq);
  }
}

const maxTold = 20;

/** Everything that was stored, by writer; mistakes are found as they come. */
export class Arrivals {
  readonly run: string;
  /** Stored copies beyond the first. */
  duplicates = 0;
  /** Records without an id of the suite: the SDK's own. */
  own = 0;
  truncated = 0;
  requests = 0;
  readonly wrong: string[] = [];
  readonly altered: string[] = [];
  readonly disordered: string[] = [];
  readonly writers = new Map<string, WriterArrivals>();

  constructor(run: string) {
    this.run = run;
  }

  get distinct(): number {
    let count = 0;
    for (const writer of this.writers.values()) count += writer.count;
    return count;
  }

  has(writer: string, seq: number): boolean {
    return (this.writers.get(writer)?.identity(seq) ?? 0) !== 0;
  }

  add(line: JournalLine): void {
    this.requests++;
    for (const record of line.records) this.#add(record, line.n);
  }

  #add([id, record, resource, payload]: StoredLine, n: number): void {
    if (id === null) {
      this.own++;
      return;
    }
    const parsed = parseId(id);
    if (parsed === undefined || parsed.run !== this.run || payload === 'wrong') {
      tell(this.wrong, `${id} in request ${n}: ${payload}`);
      return;
    }
    if (payload === 'truncated') this.truncated++;
    const { seq } = parsed;
    const writer = this.#writer(parsed.writer);
    const identity = Number.parseInt(record.slice(0, 7) + resource.slice(0, 6), 16) + 1;
    const before = writer.identity(seq);
    if (before !== 0) {
      this.duplicates++;
      if (before !== identity) tell(this.altered, `${id} in request ${n}`);
      return;
    }
    if (seq < writer.last) tell(this.disordered, `${id} in request ${n}, after ${writer.last}`);
    writer.last = seq;
    writer.keep(seq, identity);
  }

  #writer(name: string): WriterArrivals {
    const known = this.writers.get(name);
    if (known !== undefined) return known;
    const writer = new WriterArrivals();
    this.writers.set(name, writer);
    return writer;
  }
}

/** Enough to look into; a run that goes wrong would fill the memory with the rest. */
function tell(list: string[], text: string): void {
  if (list.length < maxTold) list.push(text);
  else list[maxTold] = '... and more';
}
