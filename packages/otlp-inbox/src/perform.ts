// Gives the answer, in the manner that the fault wants.

import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { createGzip } from 'node:zlib';
import type { Answer } from './answer.ts';
import type { Act, Manner } from './play-fault.ts';

const dripMs = 50;
const floodPart = Buffer.alloc(64 * 1024);

export function perform(act: Act | undefined, answer: Answer, response: ServerResponse): void {
  const manner = act?.manner ?? { type: 'plain' };
  switch (manner.type) {
    case 'plain':
      give(answer, response);
      return;
    case 'late': {
      const timer = setTimeout(() => give(answer, response), manner.ms);
      response.once('close', () => clearTimeout(timer));
      return;
    }
    case 'never':
      if (manner.where === 'body') promiseBody(response);
      return;
    case 'reset':
      reset(response);
      return;
    case 'garbage':
      response.socket?.end(randomBytes(256));
      return;
    case 'flood':
      flood(answer, manner, response);
      return;
    case 'drip':
      drip(answer, manner.bytesPerSecond, response);
  }
}

function give(answer: Answer, response: ServerResponse): void {
  if (response.destroyed) return;
  writeHead(answer, response);
  response.end(answer.body);
}

function writeHead({ status, headers, body }: Answer, response: ServerResponse): void {
  const length = status === 204 ? {} : { 'content-length': body.length };
  response.writeHead(status, { ...headers, ...length });
}

function promiseBody(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/x-protobuf', 'content-length': 64 });
  response.flushHeaders();
}

function reset({ socket }: ServerResponse): void {
  // Only a bare TCP socket can send a reset.
  if (socket instanceof TLSSocket) socket.destroy();
  else socket?.resetAndDestroy();
}

function flood(
  { status, headers }: Answer,
  { bytes, gzip }: Extract<Manner, { type: 'flood' }>,
  response: ServerResponse,
): void {
  const source = Readable.from(zeros(bytes));
  // A client that has enough ends the connection, and the flood with it.
  response.once('close', () => source.destroy());
  if (!gzip) {
    response.writeHead(status, { ...headers, 'content-length': bytes });
    source.pipe(response);
    return;
  }
  response.writeHead(status, { ...headers, 'content-encoding': 'gzip' });
  source.pipe(createGzip()).pipe(response);
}

function* zeros(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= floodPart.length) {
    yield left < floodPart.length ? floodPart.subarray(0, left) : floodPart;
  }
}

function drip(answer: Answer, bytesPerSecond: number, response: ServerResponse): void {
  writeHead(answer, response);
  response.flushHeaders();
  const { body } = answer;
  const startedMs = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    const seconds = (performance.now() - startedMs) / 1000;
    const due = Math.min(body.length, Math.floor(seconds * bytesPerSecond));
    if (due > sent) response.write(body.subarray(sent, due));
    sent = due;
    if (sent < body.length) return;
    clearInterval(timer);
    response.end();
  }, dripMs);
  response.once('close', () => clearInterval(timer));
}
