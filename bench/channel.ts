// One endpoint of the receiver: it answers at once and looks into what came only when somebody asks, so that it takes
// as little as possible of the machine while a contender is measured.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Tally, unpack } from './tally.ts';

export interface Report {
  readonly received: number;
  readonly duplicates: number;
  readonly faulty: number;
  readonly requests: number;
  /** Bytes on the wire, request lines and headers included. */
  readonly bytes: number;
}

export class Channel {
  readonly #server: Server = createServer((request, response) => this.#take(request, response));
  readonly #tally: Tally;
  readonly #sockets = new Set<Socket>();
  #waiting: { body: Buffer; request: IncomingMessage }[] = [];
  #closedBytes = 0;
  #requests = 0;
  #lastAt = performance.now();
  #port = 0;
  #arrived: () => void = () => undefined;

  constructor(capacity: number) {
    this.#tally = new Tally(capacity);
    this.#server.keepAliveTimeout = 120_000;
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => {
        this.#sockets.delete(socket);
        this.#closedBytes += socket.bytesRead;
      });
    });
  }

  /** Starts to listen; after stop() on the same port again. Gives the port. */
  async listen(): Promise<number> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
    return this.#port;
  }

  /** Refuses connections and cuts those that are open. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  /** Resolves when `expected` records are here, or nothing has come for `quietMs`. */
  async settle(expected: number, quietMs: number): Promise<Report> {
    const askedAt = performance.now();
    this.#unpackWaiting();
    while (this.#tally.received < expected) {
      const quiet = performance.now() - Math.max(askedAt, this.#lastAt);
      if (quiet >= quietMs) break;
      await this.#nextArrival(quietMs - quiet);
      this.#unpackWaiting();
    }
    return this.#report();
  }

  #nextArrival(limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      this.#arrived = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      this.#waiting.push({ body: Buffer.concat(chunks), request });
      this.#requests += 1;
      this.#lastAt = performance.now();
      answer(request, response);
      this.#arrived();
    });
  }

  #unpackWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { body, request } of waiting) {
      this.#tally.add(unpack(body, request.url ?? '', request.headers));
    }
  }

  #report(): Report {
    let bytes = this.#closedBytes;
    for (const socket of this.#sockets) bytes += socket.bytesRead;
    const { received, duplicates, faulty } = this.#tally;
    return { received, duplicates, faulty, requests: this.#requests, bytes };
  }
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  if (request.url?.startsWith('/loki/') === true) {
    response.writeHead(204).end();
    return;
  }
  const type = request.headers['content-type'] ?? 'application/json';
  response.writeHead(200, { 'content-type': type }).end(type.includes('json') ? '{}' : '');
}
