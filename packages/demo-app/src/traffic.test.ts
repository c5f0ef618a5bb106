import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { runTraffic, visits } from './traffic.ts';

test('traffic makes every kind of visit and stops when it is told to', async () => {
  const stop = new AbortController();
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    if (seen.length === visits.length) stop.abort();
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await runTraffic(`http://127.0.0.1:${port}`, 200, stop.signal);
  server.close();
  server.closeAllConnections();
  const wanted = visits.map(({ method, path }) => `${method} ${path}`);
  assert.deepEqual(seen.slice(0, visits.length).sort(), wanted.sort());
  assert.ok(seen.length <= visits.length + 20);
});

test('traffic goes on when the shop does not answer', async () => {
  const stop = new AbortController();
  let connections = 0;
  const server = createServer().listen(0, '127.0.0.1');
  server.on('connection', (socket) => {
    socket.destroy();
    connections += 1;
    if (connections === 3) stop.abort();
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await runTraffic(`http://127.0.0.1:${port}`, 200, stop.signal);
  server.close();
  assert.ok(connections >= 3);
});
