// The server of a case: the inbox, with a journal line a request that is written before the answer, and with what
// has arrived at hand.

import { hash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import {
  type Inbox,
  type InboxOptions,
  type RequestEntry,
  type StoredRecord,
  startInbox,
} from 'otlp-inbox';
import { Arrivals, type JournalLine, type StoredLine } from './oracle/journal.ts';
import { readFacts } from './oracle/log-record.ts';

export interface Receiver {
  readonly inbox: Inbox;
  readonly arrivals: Arrivals;
  /** Monotonic ms of the latest request that stored something. */
  readonly storedAtMs: number;
  /** Resolves when it holds; asked after each request. Rejects when the time is over. */
  until(isMet: () => boolean, what: string, timeoutMs?: number): Promise<void>;
}

export interface ReceiverOptions extends InboxOptions {
  readonly run: string;
  /** The journal's path. */
  readonly journal: string;
  /** Leave the records out of the journal's file: for millions of them. @default false */
  readonly isBrief?: boolean;
  /** Longer nobody waits for what may never come; it is then no mistake. @default the time-out of each wait, in ms */
  readonly patienceMs?: number;
  /** Of a receiver that this one follows. */
  readonly arrivals?: Arrivals;
}

/** Rules of Loki only where a case asks for them: then repeats in Loki's head block are not stored. */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver & AsyncDisposable> {
  const { isBrief = false, journal, patienceMs = Infinity, run, ...rest } = options;
  const file = openSync(journal, 'a');
  const arrivals = options.arrivals ?? new Arrivals(run);
  const waiting = new Set<() => void>();
  const resources = new WeakMap<object, string>();
  let stored: StoredLine[] = [];
  let storedAtMs = Number.NaN;

  const inbox = await startInbox({
    port: 0,
    rules: 'none',
    maxBytes: 4 * 1024 * 1024,
    ...rest,
    onRecord: (record) => {
      stored.push(lineOf(record, resources));
      options.onRecord?.(record);
    },
    onRequest: (request) => {
      const line = journalLine(request, stored);
      if (stored.length > 0) storedAtMs = line.atMs;
      stored = [];
      writeSync(file, `${JSON.stringify(isBrief ? { ...line, records: [] } : line)}\n`);
      arrivals.add(line);
      options.onRequest?.(request);
      for (const look of [...waiting]) look();
    },
  });

  return {
    inbox,
    arrivals,
    get storedAtMs() {
      return storedAtMs;
    },
    until: (isMet, what, timeoutMs = 30_000) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!isMet()) return;
          waiting.delete(look);
          clearTimeout(timer);
          resolve();
        };
        const timer = setTimeout(
          () => {
            waiting.delete(look);
            if (patienceMs < Infinity) resolve();
            const { distinct, requests } = arrivals;
            reject(
              new Error(
                `${what}: not within ${timeoutMs} ms; ${distinct} records in ${requests} requests`,
              ),
            );
          },
          Math.min(timeoutMs, patienceMs),
        );
        waiting.add(look);
        look();
      }),
    async [Symbol.asyncDispose]() {
      await inbox.close();
      closeSync(file);
    },
  };
}

function lineOf(
  { bytes, record, resource }: StoredRecord,
  resources: WeakMap<object, string>,
): StoredLine {
  const known = resources.get(resource) ?? digest(resource.bytes);
  resources.set(resource, known);
  const { id, payload } = readFacts((name) => record.attributes[name], record.body);
  return [id ?? null, digest(bytes), known, payload];
}

function digest(bytes: Uint8Array): string {
  return hash('sha256', bytes).slice(0, 16);
}

function journalLine(request: RequestEntry, records: readonly StoredLine[]): JournalLine {
  const { bodyBytes, duplicates, fault, headers, n, path, rejected, status } = request;
  const { authorization } = headers;
  return {
    n,
    atMs: performance.now(),
    path,
    headerNames: Object.keys(headers),
    credentialSha256: authorization === undefined ? null : hash('sha256', authorization),
    bytes: bodyBytes,
    status,
    fault: fault ?? null,
    duplicates,
    rejected,
    records,
  };
}
