// As much of Grafana's fleet management as Alloy's `remotecfg` asks for: one configuration for everyone.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FleetServer {
  readonly url: string;
  /** What came with each call for the configuration. */
  readonly calls: { readonly authorization: string | undefined; readonly body: string }[];
  close(): void;
}

export async function startFleetServer(configuration: string): Promise<FleetServer> {
  const calls: FleetServer['calls'] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        const wantsConfiguration = request.url === '/collector.v1.CollectorService/GetConfig';
        if (wantsConfiguration) {
          const body = Buffer.concat(chunks).toString('latin1');
          calls.push({ authorization: request.headers.authorization, body });
        }
        response
          .writeHead(200, { 'content-type': 'application/proto' })
          .end(wantsConfiguration ? content(configuration) : undefined);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** `GetConfigResponse` with its field `content`, shorter than 16 KiB. */
function content(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.from([(bytes.length & 0x7f) | 0x80, bytes.length >> 7]);
  return Buffer.concat([Buffer.from([0x0a]), length, bytes]);
}
