// Preloaded in a network of its own: a name server that hears every question and answers none, and
// an endpoint on port 4318 that says on standard error what reaches it. They run in a thread, which
// goes on while the end of the process blocks, and holds nothing.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { createServer } from 'node:http';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

async function serve(): Promise<void> {
  const nameServer = createSocket('udp4').bind(53, '127.0.0.1');
  const endpoint = createServer((request, response) => {
    request.resume().on('end', () => {
      writeSync(2, 'endpoint: a request\n');
      if (process.env.ENDPOINT !== 'hangs') response.writeHead(204).end();
    });
  });
  endpoint.on('connection', () => writeSync(2, 'endpoint: a connection\n'));
  endpoint.listen(4318);
  await Promise.all([once(nameServer, 'listening'), once(endpoint, 'listening')]);
  parentPort?.postMessage('ready');
}

if (isMainThread) {
  const thread = new Worker(new URL(import.meta.url));
  await once(thread, 'message');
  thread.unref();
} else {
  await serve();
}
