// A Loki and an OTLP receiver in one: takes everything, answers after a while, counts the records by their ids.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { unpack } from '../tally.ts';

export class Endpoint {
  readonly #delayMs: number;
  readonly #ids = new Set<string>();
  readonly #server = createServer((request, response) => void this.#take(request, response));
  #port = 0;

  constructor(delayMs: number) {
    this.#delayMs = delayMs;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get received(): number {
    return this.#ids.size;
  }

  /** After close() on the same port again. */
  async open(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url = '', headers } = request;
    const text = unpack(await buffer(request), url, headers).toString('latin1');
    for (const [id] of text.matchAll(/req_\d{8}/g)) this.#ids.add(id);
    await setTimeout(this.#delayMs);
    response.writeHead(url.startsWith('/loki/') ? 204 : 200).end();
  }
}
