// The receiver: a server on loopback that stores what it is sent and answers as Loki does.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { type Fault, Faults, seededRandom } from './fault.ts';
import { Journal } from './journal.ts';
import { defaultLimits, type LokiLimits } from './loki/limits.ts';
import { Receiver } from './receiver.ts';
import { type RequestEntry, Store, type Totals } from './store.ts';
import type { StoredRecord } from './stored-record.ts';
import { watchStrangers } from './stranger.ts';
import { type Awaited, Waiters } from './waiters.ts';

export interface InboxOptions {
  /** 0 takes any free port. @default 4318 */
  readonly port?: number;
  /** @default 127.0.0.1 */
  readonly host?: string;
  /** About the memory that the newest records may take, in bytes. @default 64 MiB */
  readonly maxBytes?: number;
  /** Answer 401 to requests without this Basic credential. */
  readonly auth?: { readonly username: string; readonly password: string };
  /** `none` stores whatever can be decoded. @default loki */
  readonly rules?: 'loki' | 'none';
  /** Changes to Loki's default limits. */
  readonly limits?: Partial<LokiLimits>;
  /** Keep the first refusal of several streams, where Loki's ingester forgets all but the last. @default false */
  readonly strict?: boolean;
  /** Append one line of JSON per request to this file, before the request is answered. */
  readonly journal?: string;
  /** The attribute that is a record's id in the journal. @default id */
  readonly journalId?: string;
  /** The wall clock for the rules of age, ms since the epoch. @default Date.now */
  readonly now?: () => number;
  /** Seed of faults with a probability. @default 1 */
  readonly seed?: number;
  readonly onRecord?: (record: StoredRecord) => void;
  readonly onRequest?: (request: RequestEntry) => void;
  /** A client spoke something else than HTTP/1.1 (gRPC, TLS to a port without, HTTP to one with it): what to set. */
  readonly onStranger?: (problem: string) => void;
  /** PEM texts; with them the inbox speaks https. */
  readonly tls?: {
    readonly key: string;
    readonly cert: string;
    readonly ca?: string;
    /** Refuse clients without a certificate of `ca`. @default false */
    readonly requestCert?: boolean;
  };
}

export interface Inbox {
  /** For instance `http://127.0.0.1:4318`; takes POST at `/v1/logs` and `/otlp/v1/logs`. */
  readonly url: string;
  readonly port: number;
  /** The newest records within `maxBytes`, in the order of their arrival. */
  readonly records: readonly StoredRecord[];
  readonly requests: readonly RequestEntry[];
  readonly totals: Totals;
  /** Every request from now on meets this fault, or one of these; undefined ends it. */
  setFault(fault: Fault | readonly Fault[] | undefined): void;
  /** The next request (or the next `times`) meets this fault, first in, first out. */
  pushFault(fault: Fault): void;
  /** Resolves when so many records are stored or the condition holds; rejects with what did arrive. */
  waitFor(awaited: Awaited, timeoutMs?: number): Promise<readonly StoredRecord[]>;
  /** Forgets records, requests and faults. */
  clear(): void;
  /** Ends the server and every connection. A further call waits for the first. */
  close(): Promise<void>;
}

const defaultPort = 4318;

/** Starts the receiver. Rejects when it cannot listen, for instance with `EADDRINUSE`. */
export function startInbox(options: InboxOptions = {}): Promise<Inbox> {
  return openInbox(options, (error) => {
    throw error;
  });
}

/** `onFailure` is given what a callback threw, or a JournalError. What it throws itself is an unhandled rejection. */
export async function openInbox(
  options: InboxOptions,
  onFailure: (error: unknown) => void,
): Promise<Inbox> {
  const store = new Store(options.maxBytes ?? 64 * 1024 * 1024);
  const waiters = new Waiters(store);
  const faults = new Faults(seededRandom(options.seed ?? 1));
  const journal = openJournal(options);
  const receiver = new Receiver({
    store,
    faults,
    journal,
    limits: { ...defaultLimits, ...options.limits },
    rules: options.rules ?? 'loki',
    strict: options.strict ?? false,
    now: options.now ?? Date.now,
    auth: options.auth,
    onRecord: options.onRecord,
    onRequest: (request) => {
      options.onRequest?.(request);
      waiters.check();
    },
  });
  const server = createListener(options, (request, response) =>
    receiver.receive(request, response).catch(onFailure),
  );
  const close = closerOf(server, () => {
    waiters.close();
    journal?.close();
  });
  watchStrangers(server, (problem) => options.onStranger?.(problem));
  const host = options.host ?? '127.0.0.1';
  server.listen(options.port ?? defaultPort, host);
  await listening(server, journal);
  const { port } = server.address() as AddressInfo;

  return {
    url: urlOf(options, host, port),
    port,
    get records() {
      return store.records;
    },
    get requests() {
      return store.requests;
    },
    get totals() {
      return store.totals;
    },
    setFault: (fault) => faults.set(fault === undefined ? [] : [fault].flat()),
    pushFault: (fault) => faults.push(fault),
    waitFor: (awaited, timeoutMs = 10_000) => waiters.wait(awaited, timeoutMs),
    clear() {
      store.clear();
      faults.clear();
    },
    close,
  };
}

async function listening(server: Server, journal: Journal | undefined): Promise<void> {
  try {
    await once(server, 'listening');
  } catch (error) {
    journal?.close();
    throw error;
  }
}

function openJournal({ journal, journalId = 'id' }: InboxOptions): Journal | undefined {
  return journal === undefined ? undefined : new Journal(journal, journalId);
}

function urlOf({ tls }: InboxOptions, host: string, port: number): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return `${tls === undefined ? 'http' : 'https'}://${name}:${port}`;
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

function createListener({ tls }: InboxOptions, listener: Listener): Server {
  // A client that keeps its connection decides itself when to end it.
  const settings = { keepAliveTimeout: 60_000 };
  if (tls === undefined) return createServer(settings, listener);
  const { key, cert, ca, requestCert = false } = tls;
  return createTlsServer(
    {
      ...settings,
      key,
      cert,
      ...(ca === undefined ? {} : { ca }),
      requestCert,
      rejectUnauthorized: requestCert,
    },
    listener,
  );
}

/** @param closed what else is to be closed then. */
function closerOf(server: Server, closed: () => void): () => Promise<void> {
  const sockets = trackSockets(server);
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    const ended = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await ended;
    closed();
  };
  return () => {
    closing ??= close();
    return closing;
  };
}

function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}
