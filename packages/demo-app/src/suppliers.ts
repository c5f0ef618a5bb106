// The two services that the shop depends on, as real HTTP servers: a warehouse that is slow for some
// goods, and a payment provider that fails for vouchers.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How long the remote warehouse takes. */
const remoteMs = 300;

export interface Suppliers {
  readonly url: string;
  close(): void;
}

export async function startSuppliers(): Promise<Suppliers> {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await new Promise((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  switch (request.url) {
    case '/warehouse/piano':
      setTimeout(() => reply(response, 200, { reserved: true }), remoteMs);
      break;
    case '/payments/voucher':
      reply(response, 503, { reason: 'the voucher ledger is offline' });
      break;
    default:
      reply(response, 200, { ok: true });
  }
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
