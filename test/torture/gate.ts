// A relay of TCP before a case's receiver: it shuts, stalls or speaks for itself, and remembers each connection.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Case } from './case.ts';

/** One connection that a client made. Times are monotonic, in ms. */
export interface Passage {
  readonly openedMs: number;
  /** When the client began to send; undefined until then. */
  askedMs: number | undefined;
  /** Undefined while it is open. */
  closedMs: number | undefined;
  /** The first byte that the client sent. */
  first: number | undefined;
  fromClient: number;
  toClient: number;
}

/** `stalled`: what is open goes silent, what is new is taken and never read. */
type Mode = 'open' | 'stalled' | ((socket: Socket) => void);

const bindAgainMs = 20;
const bindTries = 100;

export class Gate {
  readonly host: string;
  readonly passages: Passage[] = [];
  port: number;
  /** Where new connections go. */
  target: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #mode: Mode = 'open';

  constructor(target: number, host: string, port: number) {
    this.target = target;
    this.host = host;
    this.port = port;
  }

  get url(): string {
    return `http://${this.host}:${this.port}`;
  }

  /** Listens, on the port it had before. @param isRelay false leaves the answers to who gives them now */
  async open(isRelay = true): Promise<void> {
    if (isRelay) this.#mode = 'open';
    for (const socket of this.#sockets) socket.resume();
    for (let tries = 1; this.#server === undefined; tries++) {
      try {
        await this.#listen();
      } catch (error) {
        if (tries === bindTries) throw error;
        await wait(bindAgainMs);
      }
    }
  }

  /** Refuses: the port is closed, and so is every connection. */
  async shut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  stall(): void {
    this.#mode = 'stalled';
    for (const socket of this.#sockets) socket.pause();
  }

  /** In place of the receiver: `speak` is called with each new connection once the client has begun to send. */
  answer(speak: (socket: Socket) => void): void {
    this.#mode = speak;
  }

  async #listen(): Promise<void> {
    const server = createServer((socket) => this.#take(socket));
    server.listen(this.port, this.host);
    await once(server, 'listening');
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  #take(client: Socket): void {
    const passage: Passage = {
      openedMs: performance.now(),
      askedMs: undefined,
      closedMs: undefined,
      first: undefined,
      fromClient: 0,
      toClient: 0,
    };
    this.passages.push(passage);
    this.#keep(client);
    client.on('close', () => {
      passage.closedMs = performance.now();
    });
    if (this.#mode === 'stalled') {
      client.pause();
      return;
    }
    const speak = this.#mode === 'open' ? undefined : this.#mode;
    client.on('data', (bytes) => {
      passage.askedMs ??= performance.now();
      passage.first ??= bytes[0];
      passage.fromClient += bytes.length;
    });
    if (speak === undefined) this.#relay(client, passage);
    else client.once('data', () => speak(client));
  }

  #relay(client: Socket, passage: Passage): void {
    const server = connect(this.target, '127.0.0.1');
    this.#keep(server);
    server.on('data', (bytes) => {
      passage.toClient += bytes.length;
    });
    client.pipe(server).pipe(client);
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
  }
}

export interface GateOptions {
  /** @default 127.0.0.1 */
  readonly host?: string;
  /** @default 0, any */
  readonly port?: number;
  /** @default the receiver's */
  readonly target?: number;
}

/** An open gate before the receiver; it is shut when the test is over. */
export async function openGate(c: Case, options: GateOptions = {}): Promise<Gate> {
  const { host = '127.0.0.1', port = 0, target = c.receiver.inbox.port } = options;
  const gate = new Gate(target, host, port);
  await gate.open();
  c.t.after(() => gate.shut());
  return gate;
}
