// The receiver's process: opens endpoints and counts what arrives there, told what to do over a small HTTP interface.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { Channel } from './channel.ts';

/** What receiver-client.ts asks. */
export type Order =
  | { readonly type: 'open'; readonly capacity: number }
  | {
      readonly type: 'settle';
      readonly port: number;
      readonly expected: number;
      readonly quietMs: number;
    }
  | { readonly type: 'stop' | 'resume' | 'close'; readonly port: number };

const channels = new Map<number, Channel>();

async function obey(order: Order): Promise<unknown> {
  if (order.type === 'open') {
    const channel = new Channel(order.capacity);
    const port = await channel.listen();
    channels.set(port, channel);
    return port;
  }
  const channel = channels.get(order.port);
  if (channel === undefined) throw new Error(`No endpoint on port ${order.port}.`);
  switch (order.type) {
    case 'settle':
      return channel.settle(order.expected, order.quietMs);
    case 'resume':
      return channel.listen();
    case 'close':
      channels.delete(order.port);
      return channel.stop();
    case 'stop':
      return channel.stop();
  }
}

const server = createServer((request, response) => {
  json(request)
    .then((order) => obey(order as Order))
    .then(
      (result) => response.end(JSON.stringify(result ?? null)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.send?.((server.address() as AddressInfo).port);
process.once('disconnect', () => process.exit());
