// Gives the answer, in the manner that the fault wants.

import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';
import type { Act } from './play-fault.ts';

const dripMs = 50;

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
      if (manner.where === 'body') {
        response.writeHead(200, { 'content-type': 'application/x-protobuf', 'content-length': 64 });
        response.flushHeaders();
      }
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'garbage':
      response.socket?.end(randomBytes(256));
      return;
    case 'drip':
      drip(answer, manner.bytesPerSecond, response);
  }
}

function give(answer: Answer, response: ServerResponse): void {
  if (response.destroyed) return;
  response.writeHead(answer.status, { ...answer.headers, ...lengthOf(answer) });
  response.end(answer.body);
}

function lengthOf({ status, body }: Answer): Record<string, number> {
  return status === 204 ? {} : { 'content-length': body.length };
}

function drip(answer: Answer, bytesPerSecond: number, response: ServerResponse): void {
  response.writeHead(answer.status, { ...answer.headers, ...lengthOf(answer) });
  let sent = 0;
  const started = Date.now();
  const timer = setInterval(() => {
    const due = Math.min(
      answer.body.length,
      Math.floor(((Date.now() - started) / 1000) * bytesPerSecond),
    );
    if (due > sent) response.write(answer.body.subarray(sent, due));
    sent = due;
    if (sent < answer.body.length) return;
    clearInterval(timer);
    response.end();
  }, dripMs);
  response.once('close', () => clearInterval(timer));
}
