import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { it, type TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fakeHost } from '../../config/host.test.ts';
import { loadConfig } from '../../config/load-config.ts';
import { realWorld } from '../../real-world.ts';
import { httpGet } from './http-get.ts';

async function listen(t: TestContext, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function look(proxyPort: number, url: string, ms: number) {
  return lookThrough(`http://user:word@127.0.0.1:${proxyPort}`, url, ms);
}

function lookThrough(proxy: string, url: string, ms: number) {
  const config = loadConfig({}, fakeHost({ LOG_ROUTE: 'alloy', http_proxy: proxy }));
  return httpGet(url, { config, world: realWorld(), signal: AbortSignal.timeout(ms) });
}

it('a proxy that hangs up is asked once, and the question has an end', async (t) => {
  let asked = 0;
  const proxy = createServer().on('connect', (_request, socket) => {
    asked++;
    socket.destroy();
  });
  const port = await listen(t, proxy);
  const got = await look(port, 'http://alloy.example:12345/-/ready', 1_000);
  assert.equal(got.status, 0);
  assert.match(got.text, /the proxy 127\.0\.0\.1:\d+: the connection was (?:closed|reset)/);
  const then = asked;
  await setTimeout(300);
  assert.deepEqual([then, asked], [1, 1]);
});

it('a proxy whose setting is no address is not gone around', async (t) => {
  const page = await listen(
    t,
    createServer((_request, response) => response.end('open')),
  );
  const got = await lookThrough('htp:/proxy', `http://127.0.0.1:${page}/-/ready`, 5_000);
  assert.deepEqual(got, { status: 0, text: 'the proxy setting is no address' });
});

it('a page is read through a proxy that takes credentials', async (t) => {
  const page = await listen(
    t,
    createServer((_request, response) => response.end('Alloy is ready.')),
  );
  let authorization: string | undefined;
  const proxy = createServer().on('connect', (request, socket) => {
    authorization = request.headers['proxy-authorization'];
    const up = connect(page, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      up.pipe(socket).pipe(up);
    });
    up.on('error', () => socket.destroy());
    socket.on('error', () => up.destroy());
  });
  const port = await listen(t, proxy);
  const got = await look(port, `http://alloy.example:${page}/-/ready`, 5_000);
  assert.deepEqual(got, { status: 200, text: 'Alloy is ready.' });
  assert.equal(authorization, `Basic ${Buffer.from('user:word').toString('base64')}`);
});

it('a page without end is read as far as it is of use', async (t) => {
  const part = Buffer.alloc(1024 * 1024, 'x');
  const endless = createServer((_request, response) => {
    const more = (): void => {
      while (response.write(part) && !response.destroyed);
    };
    response.on('drain', more).on('error', () => undefined);
    more();
  });
  const port = await listen(t, endless);
  const config = loadConfig({}, fakeHost({ LOG_ROUTE: 'alloy' }));
  const options = { config, world: realWorld(), signal: AbortSignal.timeout(20_000) };
  const { status, text } = await httpGet(`http://127.0.0.1:${port}/metrics`, options);
  assert.equal(status, 200);
  assert.ok(text.length < 20 * 1024 * 1024, `${text.length} characters`);
});
