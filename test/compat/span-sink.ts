// Where an application's own OpenTelemetry SDK exports to, apart from us: OTLP/HTTP JSON; keeps the
// spans, and counts the log records.

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  /** 2: server, 3: client. */
  readonly kind: number;
  readonly attributes: readonly { readonly key: string; readonly value: object }[];
}

interface TraceRequest {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: Span[] }[] }[];
}

export interface SpanSink {
  readonly url: string;
  readonly spans: readonly Span[];
  close(): Promise<void>;
}

async function receive(request: IncomingMessage, spans: Span[]): Promise<void> {
  const body = await json(request);
  if (request.url !== '/v1/traces') return;
  const { resourceSpans } = body as TraceRequest;
  spans.push(...resourceSpans.flatMap((one) => one.scopeSpans.flatMap((scope) => scope.spans)));
}

export async function startSpanSink(): Promise<SpanSink> {
  const spans: Span[] = [];
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    receive(request, spans).then(
      () => response.end('{}'),
      () => response.writeHead(400).end('{}'),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
