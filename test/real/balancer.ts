// One address for several: each connection goes to the next of them that answers, as a load balancer sends it.

import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { pipeline } from 'node:stream';

export interface Balancer {
  readonly url: string;
  close(): void;
}

export async function startBalancer(urls: readonly string[]): Promise<Balancer> {
  const ports = urls.map((url) => Number(new URL(url).port));
  const open = new Set<Socket>();
  let next = 0;
  const server: Server = createServer((client) => {
    open.add(client);
    client.once('close', () => open.delete(client));
    forward(client, ports.length);
  });
  const forward = (client: Socket, tries: number): void => {
    if (tries === 0) {
      client.destroy();
      return;
    }
    const behind = connect(ports[next++ % ports.length] ?? 0, '127.0.0.1');
    const again = (): void => forward(client, tries - 1);
    behind.once('error', again);
    behind.once('connect', () => {
      behind.off('error', again);
      // A side that is killed takes the other one with it.
      pipeline(client, behind, client, () => undefined);
    });
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      for (const client of open) client.destroy();
      server.close();
    },
  };
}
