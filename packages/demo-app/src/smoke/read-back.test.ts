import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { readBack } from './read-back.ts';

async function loki(status: number, body: string) {
  const seen: { url: URL; headers: NodeJS.Dict<string | string[]> }[] = [];
  const server = createServer((request, response) => {
    seen.push({ url: new URL(request.url ?? '', 'http://loki'), headers: request.headers });
    response.writeHead(status).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { seen, server, port: (server.address() as AddressInfo).port };
}

const { signal: stop } = new AbortController();
const options = {
  tenant: undefined,
  runId: 'run-1',
  sinceMs: 5000,
  count: 1,
  timeoutMs: 5000,
  stop,
};

test('the query names the run, and each entry carries its fields and nanoseconds', async () => {
  const stream = { service_name: 'shop', trace_id: 'abc' };
  const result = [{ stream, values: [['1700000000123456789', 'order placed']] }];
  const { seen, server, port } = await loki(200, JSON.stringify({ data: { result } }));
  const lokiUrl = `http://user:pass%21@127.0.0.1:${port}/`;
  const entries = await readBack({ ...options, lokiUrl, tenant: 'team' });
  server.close();
  assert.deepEqual(entries, [
    { timestampNs: 1_700_000_000_123_456_789n, line: 'order placed', fields: stream },
  ]);
  const { url, headers } = seen[0] ?? assert.fail('nothing was asked');
  assert.equal(url.pathname, '/loki/api/v1/query_range');
  assert.equal(url.searchParams.get('query'), '{service_name="shop"} | smoke_run="run-1"');
  assert.equal(url.searchParams.get('start'), '4000000000');
  assert.equal(headers['x-scope-orgid'], 'team');
  assert.equal(headers.authorization, `Basic ${Buffer.from('user:pass!').toString('base64')}`);
});

test('what Loki says against the query is passed on', async () => {
  const { server, port } = await loki(400, 'parse error at line 1');
  const lokiUrl = `http://127.0.0.1:${port}`;
  await assert.rejects(readBack({ ...options, lokiUrl }), /400.*parse error at line 1/);
  server.close();
});
