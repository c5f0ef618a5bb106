// Real sockets for the sender's tests: servers on free ports, a sender with few settings. Holds no
// tests itself.

import dns from 'node:dns';
import fs from 'node:fs';
import type http from 'node:http';
import net, { type AddressInfo, type Server, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import type { Notice } from '../errors.ts';
import type { Clock } from '../world.ts';
import type { Answer } from './answer.ts';
import { createSender, type SenderEndpoint, type SenderOptions } from './sender.ts';

export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (run, delayMs) => setTimeout(run, delayMs),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

export interface Listening {
  readonly port: number;
  /** Every connection so far. */
  readonly sockets: Socket[];
}

/** Listens on 127.0.0.1 (or `host`) until the test ends. */
export async function listen(
  context: TestContext,
  server: Server,
  host = '127.0.0.1',
): Promise<Listening> {
  const sockets: Socket[] = [];
  server.on('connection', (socket: Socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
  });
  context.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return { port: (server.address() as AddressInfo).port, sockets };
}

export interface Received {
  readonly url: string | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An HTTP server that answers each whole request as `answer` does. */
export function collecting(
  received: Received[],
  respond: (response: http.ServerResponse) => void = (response) => response.writeHead(204).end(),
): http.RequestListener {
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ url: request.url, headers: request.headers, body: Buffer.concat(chunks) });
      respond(response);
    });
  };
}

/** A server that writes `text` to each connection once it has seen the end of the headers. */
export function raw(write: (socket: Socket) => void): Server {
  return net.createServer((socket) => {
    socket.once('data', () => write(socket));
  });
}

export interface TestSender {
  readonly notices: Notice[];
  send(body?: Uint8Array, signal?: AbortSignal): Promise<Answer>;
}

export type Settings = Partial<Omit<SenderOptions, 'endpoint'>> & {
  readonly endpoint?: Partial<SenderEndpoint>;
};

export function startSender(
  context: TestContext,
  url: string,
  settings: Settings = {},
): TestSender {
  const notices: Notice[] = [];
  const none = { certificate: undefined, clientKey: undefined, clientCertificate: undefined };
  const sender = createSender({
    // Long enough for a busy machine; a test of the time-out itself sets its own.
    timeoutMs: 10_000,
    compression: 'gzip',
    proxy: { http: undefined, https: undefined, no: undefined },
    lookup: dns.lookup,
    isForbiddenAddress: () => false,
    isExposedAddress: () => false,
    fs,
    userAgent: 'otel-setup/test',
    clock: realClock,
    quietly: (run) => run(),
    notice: (notice) => notices.push(notice),
    ...settings,
    endpoint: { url, headers: {}, ...none, ...settings.endpoint },
  });
  context.after(() => sender.close());
  return {
    notices,
    send: (body = Buffer.alloc(2000, 'a'), signal = new AbortController().signal) =>
      alive(sender.send(body, signal)),
  };
}

/** The sender holds no process; a test without a server of its own has to. */
export async function alive<T>(promise: Promise<T>): Promise<T> {
  const timer = setInterval(() => undefined, 1000);
  try {
    return await promise;
  } finally {
    clearInterval(timer);
  }
}

/** A request on a keep-alive connection, spelled for sockets. */
export const httpOk = 'HTTP/1.1 204 No Content\r\n\r\n';
