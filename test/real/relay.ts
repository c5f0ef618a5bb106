// Stands between a process and Loki: passes requests on, and loses answers as it is told.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface Relay {
  readonly url: string;
  /** Requests that Loki stored and the client never heard of. */
  readonly unheard: number;
  close(): void;
}

/** `isLost` is asked for each request that Loki stored, by its number from 0; while `isRevoked` holds, none is let through. */
export async function startRelay(
  target: string,
  isLost: (nr: number) => boolean,
  isRevoked: () => boolean = () => false,
): Promise<Relay> {
  let stored = 0;
  let unheard = 0;
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (isRevoked()) {
      request.resume();
      response.writeHead(401).end('authentication error: invalid token');
      return;
    }
    const answer = await fetch(`${target}${request.url}`, {
      method: 'POST',
      headers: {
        'content-type': request.headers['content-type'] ?? '',
        'content-encoding': request.headers['content-encoding'] ?? 'identity',
      },
      body: await buffer(request),
    });
    const body = Buffer.from(await answer.arrayBuffer());
    if (answer.status === 204 && isLost(stored++)) {
      unheard++;
      request.socket.destroy();
    } else {
      response.writeHead(answer.status).end(body);
    }
  };
  const server: Server = createServer((request, response) => {
    pass(request, response).catch(() => request.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    get unheard() {
      return unheard;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
