// Counts the ids that arrive, and how old the live ones are; can be away for a while.

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { decodeLogsRequest } from 'otlp-inbox';

export class CountingReceiver {
  /** How often each id arrived, by writer (`service.instance.id`). */
  readonly seen = new Map<string, Uint8Array>();
  arrived = 0;
  repeats = 0;
  /** Age in ms of the newest record's elders on arrival: of the writer that is watched. */
  oldestMs = 0;
  watched: string | undefined;
  #port = 0;
  #server: Server | undefined;
  readonly #sockets = new Set<Socket>();

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('error', () => undefined);
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        this.#take(gunzipSync(Buffer.concat(parts)));
        response.writeHead(204).end();
      });
    });
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) {
      return;
    }
    this.#server = undefined;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.#sockets) {
      socket.destroy();
    }
    await closed;
  }

  #take(body: Buffer): void {
    const now = BigInt(Date.now()) * 1_000_000n;
    for (const { resource, records } of decodeLogsRequest(body, 'application/x-protobuf')) {
      const writer = String(resource.attributes['service.instance.id']);
      for (const { attributes, timeUnixNano } of records) {
        this.#count(writer, Number(attributes.id));
        if (writer === this.watched) {
          this.oldestMs = Math.max(this.oldestMs, Number((now - timeUnixNano) / 1_000_000n));
        }
      }
    }
  }

  #count(writer: string, id: number): void {
    let counts = this.seen.get(writer);
    if (counts === undefined || id >= counts.length) {
      const larger = new Uint8Array(Math.max(1 << 20, id * 2));
      larger.set(counts ?? []);
      counts = larger;
      this.seen.set(writer, larger);
    }
    if (counts[id] !== 0) {
      this.repeats++;
    }
    counts[id] = Math.min(255, (counts[id] ?? 0) + 1);
    this.arrived++;
  }

  /** Ids below `count` that never arrived from any writer. */
  missing(count: number): number {
    let missing = 0;
    for (let id = 0; id < count; id++) {
      if (![...this.seen.values()].some((counts) => (counts[id] ?? 0) > 0)) {
        missing++;
      }
    }
    return missing;
  }
}
