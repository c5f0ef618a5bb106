import assert from 'node:assert/strict';
import http from 'node:http';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Answer } from './answer.ts';
import { collecting, httpOk, listen, type Received, raw, startSender } from './sockets.test.ts';

function kindOf(answer: Answer): string {
  return answer.type === 'failure' ? answer.kind : String(answer.status);
}

test('a request has exactly the headers that Loki compares, its length, and gzip', async (t) => {
  const received: Received[] = [];
  const { port } = await listen(t, http.createServer(collecting(received)));
  const sender = startSender(t, `http://127.0.0.1:${port}/otlp/v1/logs?a=b`, {
    endpoint: { headers: { authorization: 'Basic c2VjcmV0', 'x-scope-orgid': 'one' } },
  });
  const answer = await sender.send(Buffer.alloc(5000, 'a'));
  assert.equal(kindOf(answer), '204');
  const [request] = received;
  assert.ok(request);
  assert.equal(request.url, '/otlp/v1/logs?a=b');
  assert.deepEqual(
    { ...request.headers, date: undefined },
    {
      host: `127.0.0.1:${port}`,
      connection: 'keep-alive',
      'user-agent': 'otel-setup/test',
      authorization: 'Basic c2VjcmV0',
      'x-scope-orgid': 'one',
      'content-type': 'application/x-protobuf',
      'content-encoding': 'gzip',
      'content-length': String(request.body.length),
      date: undefined,
    },
  );
  assert.equal(gunzipSync(request.body).toString(), 'a'.repeat(5000));
  assert.equal(answer.type === 'answer' && answer.wireBytes, request.body.length);
});

test('compression none sends the bytes as they are, and so does an empty probe', async (t) => {
  const received: Received[] = [];
  const { port } = await listen(t, http.createServer(collecting(received)));
  const plain = startSender(t, `http://127.0.0.1:${port}/`, { compression: 'none' });
  await plain.send(Buffer.from('abc'));
  await startSender(t, `http://127.0.0.1:${port}/`).send(new Uint8Array(0));
  assert.deepEqual(
    received.map((request) => request.body.toString()),
    ['abc', ''],
  );
  assert.ok(received.every((request) => request.headers['content-encoding'] === undefined));
  assert.equal(received[1]?.headers['content-length'], '0');
});

test('requests share one connection', async (t) => {
  const { port, sockets } = await listen(t, http.createServer(collecting([])));
  const sender = startSender(t, `http://127.0.0.1:${port}/`);
  for (let i = 0; i < 5; i += 1) assert.equal(kindOf(await sender.send()), '204');
  assert.equal(sockets.length, 1);
});

const interim = 'HTTP/1.1 103 Early Hints\r\n\r\n';

const hanging: { name: string; write: (socket: Socket) => void }[] = [
  { name: 'never answers', write: () => undefined },
  { name: 'hangs in the headers', write: (socket) => socket.write('HTTP/1.1 200 OK\r\nDate: ') },
  {
    name: 'hangs in the body',
    write: (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc'),
  },
  {
    name: 'drips a byte at a time',
    write: (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n');
      const timer = setInterval(() => socket.write('a'), 20);
      socket.on('close', () => clearInterval(timer));
    },
  },
  {
    name: 'drips interim answers',
    write: (socket) => {
      const timer = setInterval(() => socket.write(interim), 20);
      socket.on('close', () => clearInterval(timer));
    },
  },
];
for (const { name, write } of hanging) {
  test(`an endpoint that ${name} is given up in time; the next attempt connects anew`, async (t) => {
    let count = 0;
    const { port, sockets } = await listen(
      t,
      raw((socket) => (count++ === 0 ? write(socket) : socket.write(httpOk))),
    );
    const sender = startSender(t, `http://127.0.0.1:${port}/`, { timeoutMs: 200 });
    const startedMs = performance.now();
    assert.equal(kindOf(await sender.send()), 'timeout');
    const tookMs = performance.now() - startedMs;
    assert.ok(tookMs >= 190 && tookMs < 1000, `${tookMs} ms`);
    assert.equal(kindOf(await sender.send()), '204');
    assert.equal(sockets.length, 2);
  });
}

test('interim answers are passed over, and without end a network failure', async (t) => {
  let count = 0;
  const { port, sockets } = await listen(
    t,
    raw((socket) => socket.write(interim.repeat(count++ === 0 ? 101 : 100) + httpOk)),
  );
  const sender = startSender(t, `http://127.0.0.1:${port}/`, { timeoutMs: 10_000 });
  const first = await sender.send();
  assert.equal(kindOf(first), 'network');
  assert.match(
    first.type === 'failure' ? first.message : '',
    /^interim answers \(1xx\) without end$/,
  );
  assert.equal(kindOf(await sender.send()), '204');
  assert.equal(sockets.length, 2);
});

test('an endpoint that never reads is given up in time', async (t) => {
  const server = raw(() => undefined);
  server.on('connection', (socket: Socket) => socket.pause());
  const { port } = await listen(t, server);
  const sender = startSender(t, `http://127.0.0.1:${port}/`, {
    timeoutMs: 200,
    compression: 'none',
  });
  assert.equal(kindOf(await sender.send(Buffer.alloc(16 * 1024 * 1024))), 'timeout');
});

test('a reset connection is a network failure, and the next attempt connects anew', async (t) => {
  let count = 0;
  const server = raw((socket) => (count++ === 0 ? socket.resetAndDestroy() : socket.write(httpOk)));
  const { port } = await listen(t, server);
  const sender = startSender(t, `http://127.0.0.1:${port}/`);
  const first = await sender.send();
  assert.equal(kindOf(first), 'network');
  assert.match(first.type === 'failure' ? first.message : '', /ECONNRESET|UND_ERR_SOCKET/);
  assert.equal(kindOf(await sender.send()), '204');
});

test('a closed port is told as refused', async (t) => {
  const server = http.createServer();
  const { port } = await listen(t, server);
  await new Promise((resolve) => server.close(resolve));
  const answer = await startSender(t, `http://127.0.0.1:${port}/`).send();
  assert.deepEqual(answer, {
    type: 'failure',
    kind: 'refused',
    message: 'connection refused (ECONNREFUSED)',
    code: 'ECONNREFUSED',
  });
});

for (const status of [301, 302, 303, 307, 308]) {
  test(`a ${status} is an answer like any other: nothing goes to the other place`, async (t) => {
    const elsewhere = await listen(t, http.createServer(collecting([])));
    const location = `http://127.0.0.1:${elsewhere.port}/`;
    const { port } = await listen(
      t,
      http.createServer(
        collecting([], (response) => response.writeHead(status, { location }).end()),
      ),
    );
    assert.equal(kindOf(await startSender(t, `http://127.0.0.1:${port}/`).send()), String(status));
    assert.equal(elsewhere.sockets.length, 0);
  });
}

test('an answer without end is read for 64 KiB, then its connection is closed', async (t) => {
  let closed: () => void = () => undefined;
  const isClosed = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const server = http.createServer(
    collecting([], (response) => {
      response.on('close', closed);
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384, 'x')));
      };
      response.on('drain', more);
      more();
    }),
  );
  const { port } = await listen(t, server);
  const answer = await startSender(t, `http://127.0.0.1:${port}/`).send();
  assert.ok(answer.type === 'answer');
  assert.equal(answer.body.length, 65_536);
  assert.ok(answer.cut);
  await isClosed;
});

test('a packed answer is unpacked, and a bomb is not', async (t) => {
  const bodies = [gzipSync('hello'), gzipSync(Buffer.alloc(60_000_000))];
  const server = http.createServer(
    collecting([], (response) => {
      response.writeHead(400, { 'content-encoding': 'gzip' }).end(bodies.shift());
    }),
  );
  const { port } = await listen(t, server);
  const sender = startSender(t, `http://127.0.0.1:${port}/`);
  const small = await sender.send();
  const bomb = await sender.send();
  assert.ok(small.type === 'answer' && bomb.type === 'answer');
  assert.equal(Buffer.from(small.body).toString(), 'hello');
  assert.deepEqual([bomb.body.length, bomb.cut], [0, true]);
});

test('headers without end are a network failure', async (t) => {
  const server = raw((socket) => {
    socket.write('HTTP/1.1 429 Too Many Requests\r\nRetry-After: ');
    socket.write('9'.repeat(10_000_000));
  });
  const { port } = await listen(t, server);
  const answer = await startSender(t, `http://127.0.0.1:${port}/`).send();
  assert.equal(kindOf(answer), 'network');
});

test('the headers that count are read, the first where one comes twice', async (t) => {
  const server = raw((socket) => {
    socket.write('HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nRETRY-AFTER: 8\r\n');
    socket.write('Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: text/plain\r\n');
    socket.write('Content-Length: 4\r\n\r\nslow');
  });
  const { port } = await listen(t, server);
  const answer = await startSender(t, `http://127.0.0.1:${port}/`).send();
  assert.ok(answer.type === 'answer');
  assert.deepEqual(answer.headers, {
    contentType: 'text/plain',
    retryAfter: '7',
    date: 'Sun, 06 Nov 1994 08:49:37 GMT',
  });
});

test('a header in Latin-1 arrives as it was set', async (t) => {
  const received: Received[] = [];
  const { port } = await listen(t, http.createServer(collecting(received)));
  const sender = startSender(t, `http://127.0.0.1:${port}/`, {
    endpoint: { headers: { 'x-tenant': 'caf\u00e9' } },
  });
  assert.equal(kindOf(await sender.send()), '204');
  assert.equal(received[0]?.headers['x-tenant'], 'caf\u00e9');
});

for (const value of [
  'glc_topsecret\n',
  'glc_topsecret\r\nx: y',
  'glc_top\0secret',
  'glc_töpsecretЖ',
]) {
  test(`a header that HTTP cannot carry (${JSON.stringify(value)}) is told without its value`, async (t) => {
    const { port, sockets } = await listen(t, http.createServer(collecting([])));
    const sender = startSender(t, `http://127.0.0.1:${port}/`, {
      endpoint: { headers: { authorization: `Bearer ${value}` } },
    });
    const answer = await sender.send();
    assert.equal(kindOf(answer), 'invalid-request');
    assert.match(answer.type === 'failure' ? answer.message : '', /the header authorization/);
    assert.doesNotMatch(JSON.stringify(answer), /secret/);
    assert.equal(sockets.length, 0);
  });
}

for (const url of [
  'file:///etc/passwd',
  'nonsense',
  'http://user:secret@127.0.0.1:1/',
  'ftp://a/',
]) {
  test(`the address ${url} is refused before anything connects`, async (t) => {
    const answer = await startSender(t, url).send();
    assert.equal(kindOf(answer), 'invalid-request');
    assert.doesNotMatch(JSON.stringify(answer), /secret/);
  });
}

test('a stop aborts the request and its connection', async (t) => {
  let closed: () => void = () => undefined;
  const isClosed = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const controller = new AbortController();
  const server = raw((socket) => {
    socket.on('close', closed);
    controller.abort();
  });
  const { port } = await listen(t, server);
  const sender = startSender(t, `http://127.0.0.1:${port}/`, { timeoutMs: 10_000 });
  const answer = await sender.send(undefined, controller.signal);
  assert.equal(kindOf(answer), 'aborted');
  await isClosed;
});
