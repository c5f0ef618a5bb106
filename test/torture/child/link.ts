// Between a case and its process: commands come in as lines on standard input, answers go out on descriptor 3. A
// worker thread has its port instead. Nothing of it keeps the process alive once it is told to end.

import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parentPort } from 'node:worker_threads';
import type { Command, Reply } from '../plan.ts';

export interface Link {
  reply(reply: Reply): void;
  listen(take: (command: Command) => void): void;
  close(): void;
}

export function openLink(): Link {
  return parentPort === null ? overPipes() : overPort(parentPort);
}

function overPipes(): Link {
  return {
    reply: (reply) => writeSync(3, `${JSON.stringify(reply)}\n`),
    listen: (take) => {
      const lines = createInterface({ input: process.stdin });
      lines.on('line', (line) => take(JSON.parse(line) as Command));
    },
    close: () => process.stdin.destroy(),
  };
}

function overPort(port: NonNullable<typeof parentPort>): Link {
  return {
    reply: (reply) => port.postMessage(reply),
    listen: (take) => port.on('message', take),
    close: () => port.close(),
  };
}
