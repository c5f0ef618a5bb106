import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import net, { type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { Answer } from './answer.ts';
import { type ProxySettings, proxyFor } from './proxy.ts';
import { collecting, type Listening, listen, type Received, startSender } from './sockets.test.ts';

function kindOf(answer: Answer): string {
  return answer.type === 'failure' ? answer.kind : String(answer.status);
}

interface ProxyServer extends Listening {
  readonly connects: { url: string | undefined; authorization: string | undefined }[];
}

/** A proxy that tunnels; `respond` answers a CONNECT in its place. */
async function startProxy(
  context: TestContext,
  respond?: (socket: Socket) => void,
): Promise<ProxyServer> {
  const connects: ProxyServer['connects'] = [];
  const server = http.createServer();
  server.on('connect', (request: http.IncomingMessage, socket: Socket) => {
    connects.push({ url: request.url, authorization: request.headers['proxy-authorization'] });
    if (respond !== undefined) {
      respond(socket);
      return;
    }
    const { hostname, port } = new URL(`http://${request.url}`);
    const onward = net.connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    for (const end of [socket, onward]) end.on('error', () => undefined);
    context.after(() => onward.destroy());
  });
  return { ...(await listen(context, server)), connects };
}

function through(port: number, no?: string): { proxy: ProxySettings } {
  const url = `http://user:p%40ss-secret@127.0.0.1:${port}`;
  return { proxy: { http: url, https: undefined, no } };
}

test('a proxy is used with its credentials, which the endpoint never sees', async (t) => {
  const received: Received[] = [];
  const target = await listen(t, http.createServer(collecting(received)));
  const proxy = await startProxy(t);
  const sender = startSender(t, `http://127.0.0.1:${target.port}/`, {
    ...through(proxy.port),
    endpoint: { headers: { authorization: 'Basic own' } },
  });
  assert.equal(kindOf(await sender.send()), '204');
  assert.equal(kindOf(await sender.send()), '204');
  const authorization = `Basic ${Buffer.from('user:p@ss-secret').toString('base64')}`;
  assert.deepEqual(proxy.connects, [{ url: `127.0.0.1:${target.port}`, authorization }]);
  assert.equal(target.sockets.length, 1);
  assert.ok(received.every((request) => request.headers['proxy-authorization'] === undefined));
  assert.ok(received.every((request) => request.headers.authorization === 'Basic own'));
});

const failing: { name: string; message: RegExp; respond: (socket: Socket) => void }[] = [
  {
    name: 'asks for other credentials',
    message: /the proxy 127\.0\.0\.1:\d+ answers 407/,
    respond: (socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'),
  },
  {
    name: 'cannot reach the endpoint',
    message: /the proxy 127\.0\.0\.1:\d+ answers 502/,
    respond: (socket) => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'),
  },
  {
    name: 'closes the connection',
    message: /the proxy 127\.0\.0\.1:\d+: /,
    respond: (socket) => socket.destroy(),
  },
];
for (const { name, message, respond } of failing) {
  test(`a proxy that ${name} is never gone around`, async (t) => {
    const target = await listen(t, http.createServer(collecting([])));
    const proxy = await startProxy(t, respond);
    const sender = startSender(t, `http://127.0.0.1:${target.port}/`, through(proxy.port));
    const answer = await sender.send();
    assert.equal(kindOf(answer), 'proxy');
    assert.match(answer.type === 'failure' ? answer.message : '', message);
    assert.doesNotMatch(JSON.stringify(answer), /secret/);
    assert.equal(target.sockets.length, 0);
    assert.equal(proxy.connects.length, 1);
  });
}

test('a proxy that hangs is given up in time', async (t) => {
  const target = await listen(t, http.createServer(collecting([])));
  // Without a reader it would not see the connection end.
  const proxy = await startProxy(t, (socket) => socket.resume().on('end', () => socket.destroy()));
  const sender = startSender(t, `http://127.0.0.1:${target.port}/`, {
    ...through(proxy.port),
    timeoutMs: 150,
  });
  assert.equal(kindOf(await sender.send()), 'timeout');
  assert.equal(target.sockets.length, 0);
  const [socket] = proxy.sockets;
  assert.ok(socket);
  if (!socket.closed) await once(socket, 'close');
});

test('a proxy that is down is told as the proxy', async (t) => {
  const target = await listen(t, http.createServer(collecting([])));
  const closed = http.createServer();
  const { port } = await listen(t, closed);
  await new Promise((resolve) => closed.close(resolve));
  const sender = startSender(t, `http://127.0.0.1:${target.port}/`, through(port));
  const answer = await sender.send();
  assert.equal(kindOf(answer), 'proxy');
  assert.match(
    answer.type === 'failure' ? answer.message : '',
    /the proxy 127\.0\.0\.1:\d+: connection refused/,
  );
  assert.equal(target.sockets.length, 0);
});

test('NO_PROXY goes straight to the endpoint', async (t) => {
  const target = await listen(t, http.createServer(collecting([])));
  const proxy = await startProxy(t);
  const settings = through(proxy.port, 'example.com, 127.0.0.1');
  const sender = startSender(t, `http://127.0.0.1:${target.port}/`, settings);
  assert.equal(kindOf(await sender.send()), '204');
  assert.equal(proxy.sockets.length, 0);
});

const exempt: [string, string, boolean][] = [
  ['https://gateway.grafana.net/', 'grafana.net', true],
  ['https://gateway.grafana.net/', '.grafana.net', true],
  ['https://gateway.grafana.net/', '*.grafana.net', true],
  ['https://gateway.grafana.net/', 'afana.net', false],
  ['https://grafana.net/', 'GRAFANA.NET', true],
  ['https://grafana.net/', 'grafana.net:443', true],
  ['https://grafana.net/', 'grafana.net:8443', false],
  ['https://grafana.net/', '*', true],
  ['https://10.1.2.3/', '10.0.0.0/8', true],
  ['https://10.1.2.3/', '10.0.0.0/99', false],
  ['https://11.1.2.3/', '10.0.0.0/8', false],
  ['https://[::1]/', '::1', true],
  ['https://[fd00::7]:4318/', 'fd00::/8', true],
  ['https://[::1]:4318/', '[::1]:4318', true],
  ['https://grafana.net/', '', false],
];
for (const [url, no, isExempt] of exempt) {
  test(`${url} with NO_PROXY="${no}" goes ${isExempt ? 'straight' : 'through the proxy'}`, () => {
    const settings = { http: undefined, https: 'http://proxy:3128', no };
    assert.equal(proxyFor(new URL(url), settings) === undefined, isExempt);
  });
}

test('each scheme has its own proxy, and one that cannot be read sends nothing', () => {
  const settings = { http: 'http://a:1', https: undefined, no: undefined };
  assert.equal(proxyFor(new URL('https://x/'), settings), undefined);
  const found = proxyFor(new URL('http://x/'), settings);
  assert.equal(found !== 'invalid' && found?.url.host, 'a:1');
  assert.equal(proxyFor(new URL('http://x/'), { ...settings, http: 'http://:::' }), 'invalid');
  assert.equal(proxyFor(new URL('http://x/'), { ...settings, http: 'socks5://a' }), 'invalid');
  const unread = { ...settings, http: 'http://unusable-proxy.invalid:1' };
  assert.equal(proxyFor(new URL('http://x/'), unread), 'invalid');
  const bare = proxyFor(new URL('http://x/'), { ...settings, http: 'proxy:3128' });
  assert.equal(bare !== 'invalid' && bare?.url.host, 'proxy:3128');
});
