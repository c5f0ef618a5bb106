// A proxy with credentials: used exactly when it is due, never gone around, whatever it does.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Case } from './case.ts';
import { finish } from './finish.ts';
import { type Gate, openGate } from './gate.ts';
import { assertSecret } from './secrets.ts';
import { torture } from './torture.ts';

const password = 'p%40ss-marker0f4secret';
const credentials = Buffer.from('user:p@ss-marker0f4secret').toString('base64');
const speed = 20;
const attemptMs = 2_000;

type Mode = 'up' | 'demands' | 'hangs';

interface Proxy {
  readonly port: number;
  mode: Mode;
  /** The Proxy-Authorization of each CONNECT. */
  readonly asked: (string | undefined)[];
  /** Tunnels that were opened. */
  tunnels: number;
}

async function startProxy(c: Case): Promise<Proxy> {
  const server = createServer();
  const sockets = new Set<Socket>();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: Proxy = {
    port: (server.address() as AddressInfo).port,
    mode: 'up',
    asked: [],
    tunnels: 0,
  };
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
  };
  server.on('connection', keep);
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    proxy.asked.push(request.headers['proxy-authorization']);
    if (proxy.mode === 'hangs') return;
    if (proxy.mode === 'demands') {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const { hostname, port } = new URL(`http://${request.url}`);
    proxy.tunnels++;
    const onward = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(onward).pipe(client);
    });
    keep(onward);
    client.on('close', () => onward.destroy());
    onward.on('close', () => client.destroy());
  });
  c.t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return proxy;
}

function start(c: Case, endpoint: Gate, proxy: Gate, noProxy = '') {
  return c.start({
    faults: { clock: { speed } },
    options: { timeoutMs: attemptMs * speed },
    env: {
      ALLOY_OTLP_ENDPOINT: endpoint.url,
      ALLOY_OTLP_HEADERS: 'authorization=Basic%20b3duOm93bg==',
      HTTP_PROXY: `http://user:${password}@127.0.0.1:${proxy.port}`,
      HTTPS_PROXY: 'http://127.0.0.1:1',
      NO_PROXY: noProxy,
    },
  });
}

torture('S06', 'a proxy is used when it is due and never gone around', {}, async (c) => {
  const { inbox, arrivals } = await c.receive();
  const proxy = await startProxy(c);
  const way = await openGate(c, { target: proxy.port });
  const endpoint = await openGate(c);
  const writer = await start(c, endpoint, way);
  await writer.log({ count: 20 });
  await writer.flush(600_000);
  assert.equal(arrivals.distinct, 20);
  assert.equal(proxy.tunnels, endpoint.passages.length);

  const stored = inbox.totals.stored;
  const attempts = async (what: string) => {
    const [before, asked] = [way.passages.length, proxy.asked.length];
    await writer.log({ count: 20 });
    const isTried = () => way.passages.length > before && proxy.asked.length > asked;
    await c.until(isTried, what, 20_000);
    const last = way.passages.at(-1);
    await c.until(() => last?.closedMs !== undefined, `${what}: the attempt ends`, 20_000);
  };
  await way.shut();
  await writer.log({ count: 20 });
  await c.until(() => writer.stderr.includes('OTEL_SETUP_PROXY'), 'the proxy refuses');
  await way.open();
  proxy.mode = 'demands';
  await attempts('407');
  proxy.mode = 'hangs';
  await attempts('CONNECT hangs');
  assert.equal(inbox.totals.stored, stored);
  assert.equal(proxy.tunnels, endpoint.passages.length, 'every connection came through the proxy');
  proxy.mode = 'up';
  const { end } = await finish(c, writer, {
    waitMs: 30_000 / speed + attemptMs,
    duplicates: 0,
    notices: ['OTEL_SETUP_PROXY', 'OTEL_SETUP_TIMEOUT'],
  });
  assert.equal(proxy.tunnels, endpoint.passages.length, 'every connection came through the proxy');
  assert.ok(proxy.asked.every((header) => header === `Basic ${credentials}`));
  for (const { headers } of inbox.requests) {
    assert.equal(headers['proxy-authorization'], undefined);
    assert.equal(headers.authorization, 'Basic b3duOm93bg==');
  }
  assertSecret(c, [password, 'p@ss-marker', credentials], [end.stderr, end.stdout]);
});

torture('S06', 'an address that NO_PROXY names is reached without the proxy', {}, async (c) => {
  await c.receive();
  const proxy = await startProxy(c);
  const way = await openGate(c, { target: proxy.port });
  const endpoint = await openGate(c);
  const writer = await start(c, endpoint, way, 'example.com, 127.0.0.1');
  await writer.log({ count: 20 });
  await finish(c, writer, { duplicates: 0, notices: [] });
  assert.equal(way.passages.length, 0);
  assert.ok(endpoint.passages.length > 0);
});
