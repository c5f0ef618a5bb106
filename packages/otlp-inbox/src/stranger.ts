// Clients that speak something else than HTTP/1.1 to the inbox: what it was, and what to set instead.

import type { Server } from 'node:http';
import type { Socket } from 'node:net';

interface ClientError extends Error {
  readonly code?: string;
  readonly rawPacket?: Buffer;
}

const tlsHandshake = 0x16;
const http2Preface = 'PRI * HTTP/2';

/** Calls `tell` for each connection that began with something else; what is said says what to do. */
export function watchStrangers(server: Server, tell: (problem: string) => void): void {
  // An https server hands what its TLS refuses on to the same event.
  server.on('clientError', (error: ClientError, socket: Socket) => {
    const problem = problemOf(error);
    if (problem !== undefined) tell(problem);
    if (error.rawPacket === undefined || !socket.writable) {
      socket.destroy();
      return;
    }
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    socket.destroySoon();
  });
}

/** Undefined for a request that only broke off or is malformed. */
function problemOf({ code, rawPacket }: ClientError): string | undefined {
  if (code === 'ERR_SSL_HTTP_REQUEST') {
    return 'a client speaks plain HTTP to a port with TLS: give it an https:// endpoint.';
  }
  if (rawPacket?.[0] === tlsHandshake) {
    return 'a client speaks TLS to a port without: give it an http:// endpoint.';
  }
  const begin = rawPacket?.toString('latin1', 0, http2Preface.length);
  if (code === 'HPE_PAUSED_H2_UPGRADE' || begin === http2Preface) {
    return 'a client speaks gRPC (HTTP/2); the inbox takes OTLP over HTTP: set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf in it.';
  }
  return undefined;
}
