import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { type Fault, Faults, seededRandom } from './fault.ts';
import { nowNs, plainRequest } from './fixtures/otlp-json.ts';
import { post } from './fixtures/post.ts';
import { type Inbox, type InboxOptions, startInbox } from './inbox.ts';
import type { RequestEntry } from './store.ts';

async function start(t: TestContext, fault: Fault, options: InboxOptions = {}): Promise<Inbox> {
  const inbox = await startInbox({ port: 0, ...options });
  t.after(() => inbox.close());
  inbox.setFault(fault);
  return inbox;
}

const lines = (inbox: Inbox) => inbox.records.map(({ line }) => line);
const request = (...bodies: string[]) => plainRequest(bodies, nowNs());

/** The error code of a request that gets no answer. */
async function failure(inbox: Inbox, body = request('a')): Promise<string> {
  const error = await post(inbox, body).then(
    () => assert.fail('there was an answer'),
    (reason: Error) => reason.cause as NodeJS.ErrnoException,
  );
  return error.code ?? error.message;
}

/** The first request that the inbox tells of. */
function watch() {
  const seen = new EventEmitter();
  return {
    first: once(seen, 'request') as Promise<[RequestEntry]>,
    onRequest: (request: RequestEntry) => {
      seen.emit('request', request);
    },
  };
}

test('slow stores at once and answers late', async (t) => {
  const inbox = await start(t, { type: 'slow', ms: 60 });
  const startedMs = performance.now();
  const answer = post(inbox, request('a'));
  await inbox.waitFor(1);
  assert.equal((await answer).status, 204);
  assert.ok(performance.now() - startedMs >= 59);
});

test('hang stores nothing and never answers', async (t) => {
  for (const where of ['headers', 'request'] as const) {
    const { first, onRequest } = watch();
    const inbox = await start(t, { type: 'hang', where }, { onRequest });
    const aborter = new AbortController();
    const answer = post(inbox, request('a'), { signal: aborter.signal });
    const [{ status, fault }] = await first;
    assert.deepEqual([status, fault], [0, 'hang']);
    aborter.abort();
    await assert.rejects(answer, { name: 'AbortError' });
    assert.equal(inbox.records.length, 0);
  }
});

test('hang amid the body gives headers and no more', async (t) => {
  const inbox = await start(t, { type: 'hang', where: 'body' });
  const aborter = new AbortController();
  const response = await fetch(`${inbox.url}/v1/logs`, {
    method: 'POST',
    body: request('a'),
    signal: aborter.signal,
  });
  assert.equal(response.status, 200);
  const body = response.text();
  aborter.abort();
  await assert.rejects(body, { name: 'AbortError' });
});

test('close ends requests that hang and waits that are in vain', async () => {
  const { first, onRequest } = watch();
  const inbox = await startInbox({ port: 0, onRequest });
  inbox.setFault({ type: 'hang' });
  const code = failure(inbox);
  const ended = assert.rejects(inbox.waitFor(1), /Waited until it closed for 1 records/);
  await first;
  await inbox.close();
  await ended;
  assert.match(await code, /UND_ERR_SOCKET|ECONNRESET/);
});

test('cut resets the connection before or after storing, lost-answer after', async (t) => {
  const faults: [Fault, stored: string[]][] = [
    [{ type: 'cut' }, []],
    [{ type: 'cut', when: 'before' }, []],
    [{ type: 'cut', when: 'after' }, ['a']],
    [{ type: 'lost-answer' }, ['a']],
  ];
  for (const [fault, stored] of faults) {
    const inbox = await start(t, fault);
    assert.equal(await failure(inbox), 'ECONNRESET');
    assert.deepEqual(lines(inbox), stored);
    assert.equal(inbox.requests[0]?.status, 0);
  }
});

test('status answers with it and stores nothing, unless told to', async (t) => {
  const inbox = await start(t, { type: 'status', status: 503, body: 'down' });
  const answer = await post(inbox, request('a'));
  assert.deepEqual([answer.status, answer.text], [503, 'down']);
  assert.equal(answer.contentType, 'application/octet-stream');
  assert.deepEqual([inbox.records.length, inbox.requests[0]?.rejected], [0, 1]);
  inbox.setFault({ type: 'status', status: 500, store: true });
  assert.equal((await post(inbox, request('a'))).status, 500);
  assert.deepEqual(lines(inbox), ['a']);
});

test('status sends the headers, the content type and the bytes it is given', async (t) => {
  const headers = { 'x-request-id': 'r1' };
  const body = new Uint8Array([1, 2, 3]);
  const fault = { type: 'status', status: 400, contentType: 'text/odd', headers, body } as const;
  const inbox = await start(t, fault);
  const answer = await post(inbox, request('a'));
  assert.deepEqual(
    [answer.contentType, answer.headers.get('x-request-id'), [...answer.body]],
    ['text/odd', 'r1', [1, 2, 3]],
  );
});

test('retry-after carries any value', async (t) => {
  for (const value of ['3', '-5', 'abc', 'Wed, 21 Oct 2099 07:28:00 GMT']) {
    const inbox = await start(t, { type: 'retry-after', value });
    const answer = await post(inbox, request('a'));
    assert.deepEqual([answer.status, answer.headers.get('retry-after')], [429, value]);
  }
  const inbox = await start(t, { type: 'retry-after', status: 503, value: '1' });
  assert.equal((await post(inbox, request('a'))).status, 503);
});

test('partial refuses the first records and says how many, in the language of the request', async (t) => {
  const inbox = await start(t, { type: 'partial', rejected: 2, message: 'no' });
  const answer = await post(inbox, request('a', 'b', 'c'));
  assert.equal(answer.status, 200);
  assert.deepEqual(JSON.parse(answer.text), {
    partialSuccess: { rejectedLogRecords: '2', errorMessage: 'no' },
  });
  assert.deepEqual(lines(inbox), ['c']);
  const binary = await post(inbox, Buffer.alloc(0));
  assert.equal(binary.contentType, 'application/x-protobuf');
  assert.deepEqual([...binary.body], [0x0a, 6, 0x08, 2, 0x12, 2, 0x6e, 0x6f]);
});

test('garbage is no HTTP, or a body that means nothing', async (t) => {
  const inbox = await start(t, { type: 'garbage' });
  assert.match(await failure(inbox), /HPE_|HTTP/);
  inbox.setFault({ type: 'garbage', where: 'body' });
  const answer = await post(inbox, request('b'));
  assert.deepEqual([answer.status, answer.body.length], [200, 512]);
  assert.deepEqual(lines(inbox), ['a', 'b']);
});

test('html, blocked and redirect store nothing', async (t) => {
  const inbox = await start(t, { type: 'html' });
  const page = await post(inbox, request('a'));
  assert.deepEqual([page.status, page.contentType], [200, 'text/html; charset=utf-8']);
  inbox.setFault({ type: 'blocked' });
  const blocked = await post(inbox, request('a'));
  assert.equal(blocked.status, 260);
  assert.match(blocked.text, /^ingestion blocked for user 'fake' until /);
  inbox.setFault({ type: 'redirect', location: 'http://127.0.0.1:9/', status: 307 });
  const moved = await post(inbox, request('a'));
  assert.deepEqual([moved.status, moved.headers.get('location')], [307, 'http://127.0.0.1:9/']);
  assert.equal(inbox.records.length, 0);
});

test('huge-body sends so many bytes, packed or not', async (t) => {
  const inbox = await start(t, { type: 'huge-body', bytes: 1_000_000 });
  assert.equal((await post(inbox, request('a'))).body.length, 1_000_000);
  inbox.setFault({ type: 'huge-body', bytes: 5_000_000, gzip: true });
  const socket = connect({ port: inbox.port, host: '127.0.0.1' });
  const body = request('b');
  socket.write(
    `POST /v1/logs HTTP/1.0\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  const parts: Buffer[] = [];
  for await (const part of socket) parts.push(part as Buffer);
  const answer = Buffer.concat(parts);
  const packed = answer.subarray(answer.indexOf('\r\n\r\n') + 4);
  assert.ok(packed.length < 50_000);
  assert.equal(gunzipSync(packed).length, 5_000_000);
  assert.deepEqual(lines(inbox), ['a', 'b']);
});

test('a client may leave amid a huge body', async (t) => {
  const inbox = await start(t, { type: 'huge-body', bytes: 10_000_000_000 });
  const response = await fetch(`${inbox.url}/v1/logs`, { method: 'POST', body: request('a') });
  await response.body?.cancel();
  inbox.setFault(undefined);
  assert.equal((await post(inbox, request('b'))).status, 204);
});

test('drip sends a body slowly', async (t) => {
  const inbox = await start(t, { type: 'drip', bytesPerSecond: 1000, bytes: 100 });
  const startedMs = performance.now();
  const answer = await post(inbox, request('a'));
  assert.ok(answer.body.length > 90 && answer.body.length <= 100);
  assert.ok(performance.now() - startedMs >= 90);
  assert.deepEqual(lines(inbox), ['a']);
});

test('poison refuses a request with such a record, storing none or the rest', async (t) => {
  const fault = {
    type: 'poison',
    status: 400,
    test: ({ line }: { line: string }) => line === 'bad',
  } as const;
  const inbox = await start(t, { ...fault, body: 'no thanks' });
  const answer = await post(inbox, request('a', 'bad', 'b'));
  assert.deepEqual([answer.status, answer.text], [400, 'no thanks']);
  assert.deepEqual(lines(inbox), []);
  assert.equal((await post(inbox, request('c'))).status, 204);
  inbox.setFault({ ...fault, store: 'rest' });
  assert.equal((await post(inbox, request('a', 'bad', 'b'))).status, 400);
  assert.deepEqual(lines(inbox), ['c', 'a', 'b']);
});

test('max-bytes refuses larger bodies in the words of the status', async (t) => {
  const inbox = await start(t, { type: 'max-bytes', bytes: 1000 });
  assert.equal((await post(inbox, request('small'))).status, 204);
  const refused = await post(inbox, request('x'.repeat(1000)));
  assert.deepEqual([refused.status, refused.text.slice(0, 22)], [413, 'request body too large']);
  inbox.setFault({ type: 'max-bytes', bytes: 1000, status: 503 });
  const larger = await post(inbox, request('x'.repeat(1000)));
  assert.equal(larger.status, 503);
  assert.match(larger.text, /received message larger than max \(\d+ vs\. 1000\)/);
});

test('faults strike whoever asks, with or without credentials', async (t) => {
  const inbox = await start(
    t,
    { type: 'status', status: 503 },
    { auth: { username: 'u', password: 'p' } },
  );
  assert.equal((await post(inbox, request('a'))).status, 503);
});

test('a request on a wrong path does not use up a fault', async (t) => {
  const inbox = await start(t, { type: 'status', status: 503, times: 1 });
  assert.equal((await post(inbox, request('a'), { path: '/v1/traces' })).status, 404);
  assert.equal((await post(inbox, request('a'))).status, 503);
  assert.equal((await post(inbox, request('a'))).status, 204);
});

test('a connection that was cut leaves the next one working', async (t) => {
  const inbox = await start(t, { type: 'cut', times: 1 });
  await failure(inbox);
  assert.equal((await post(inbox, request('a'))).status, 204);
});

test('pushed faults come first, in their order, each once or so many times', () => {
  const faults = new Faults(() => 0.5);
  faults.set([{ type: 'html' }]);
  faults.push({ type: 'cut' });
  faults.push({ type: 'hang', times: 2 });
  const met = [1, 2, 3, 4].map(() => faults.next()?.type);
  assert.deepEqual(met, ['cut', 'hang', 'hang', 'html']);
});

test('of several standing faults a request meets at most one, each with its probability', () => {
  const faults = new Faults(seededRandom(7));
  faults.set([
    { type: 'cut', probability: 0.1 },
    { type: 'html', probability: 0.2 },
  ]);
  const met = new Map<string | undefined, number>();
  for (let count = 0; count < 10_000; count++) {
    const type = faults.next()?.type;
    met.set(type, (met.get(type) ?? 0) + 1);
  }
  const share = (type?: string) => Math.round((met.get(type) ?? 0) / 100);
  assert.deepEqual([share('cut'), share('html'), share()], [10, 20, 70]);
});

test('the same seed plays the same faults', () => {
  const run = (seed: number) => {
    const faults = new Faults(seededRandom(seed));
    faults.set([{ type: 'cut', probability: 0.5 }]);
    return Array.from({ length: 64 }, () => faults.next()?.type ?? '-').join();
  };
  assert.equal(run(3), run(3));
  assert.notEqual(run(3), run(4));
});

test('a reset reaches the client as a reset', async (t) => {
  const inbox = await start(t, { type: 'cut' });
  const socket = connect({ port: inbox.port, host: '127.0.0.1' });
  const body = request('a');
  socket.write(
    `POST /v1/logs HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
  assert.equal(error.code, 'ECONNRESET');
});
