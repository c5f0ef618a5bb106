// Hands each request on to several receivers; the first one's answer is the answer.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export async function startTee(
  targets: readonly string[],
): Promise<{ readonly url: string; close(): void }> {
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const init = {
      method: 'POST',
      headers: {
        'content-type': request.headers['content-type'] ?? '',
        'content-encoding': request.headers['content-encoding'] ?? 'identity',
      },
      body: await buffer(request),
    };
    const answers = await Promise.all(
      targets.map(async (target) => {
        const answer = await fetch(`${target}/v1/logs`, init);
        return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) };
      }),
    );
    const refused = answers.find(({ status }) => status >= 300) ?? answers[0];
    response.writeHead(refused?.status ?? 500).end(refused?.body);
  };
  const server = createServer((request, response) => {
    pass(request, response).catch(() => request.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
