import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { nowNs, plainRequest } from './fixtures/otlp-json.ts';
import { post } from './fixtures/post.ts';
import { startInbox } from './inbox.ts';

async function start(t: TestContext) {
  const told: string[] = [];
  const inbox = await startInbox({ port: 0, onStranger: (problem) => told.push(problem) });
  t.after(() => inbox.close());
  return { inbox, told };
}

test('a gRPC client is told of, with the protocol to set', async (t) => {
  const { inbox, told } = await start(t);
  const client = connectHttp2(inbox.url);
  await once(client, 'error');
  assert.match(told.join(), /gRPC .* OTEL_EXPORTER_OTLP_PROTOCOL=http\/protobuf/);
});

test('a TLS client of a port without TLS is told of, with the scheme to use', async (t) => {
  const { inbox, told } = await start(t);
  const client = connectTls({ port: inbox.port, host: '127.0.0.1' });
  await once(client, 'error');
  assert.match(told.join(), /TLS .* http:\/\//);
});

test('a malformed request is answered 400, is none of them, and others go on', async (t) => {
  const { inbox, told } = await start(t);
  const client = connect(inbox.port, '127.0.0.1');
  client.end('GET / HTTP/1.1\r\nbad header\r\n\r\n');
  const [answer] = (await once(client, 'data')) as [Buffer];
  assert.match(answer.toString(), /^HTTP\/1\.1 400 /);
  assert.deepEqual(told, []);
  assert.equal((await post(inbox, plainRequest(['fine'], nowNs()))).status, 204);
});
