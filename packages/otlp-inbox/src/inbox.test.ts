import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { logsRequest, nowNs, plainRequest } from './fixtures/otlp-json.ts';
import { post } from './fixtures/post.ts';
import { type Inbox, type InboxOptions, startInbox } from './inbox.ts';
import type { RequestEntry } from './store.ts';
import type { StoredRecord } from './stored-record.ts';

async function start(t: TestContext, options: InboxOptions = {}): Promise<Inbox> {
  const inbox = await startInbox({ port: 0, ...options });
  t.after(() => inbox.close());
  return inbox;
}

function directory(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'otlp-inbox-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

const request = (...bodies: string[]) => plainRequest(bodies, nowNs());

test('a record is there as Loki would store it and as it was sent', async (t) => {
  const inbox = await start(t);
  const time = nowNs();
  const record = {
    time,
    body: 'order placed',
    attributes: { orderId: 42n },
    raw: { severityText: 'WARN' },
  };
  await post(
    inbox,
    logsRequest({ 'service.name': 'shop', 'host.name': 'h' }, [record], { name: 'lib' }),
  );
  const stored = inbox.records[0] ?? assert.fail();
  assert.deepEqual(stored.labels, { service_name: 'shop' });
  assert.deepEqual(stored.metadata, {
    orderId: '42',
    severity_text: 'WARN',
    host_name: 'h',
    scope_name: 'lib',
    detected_level: 'warn',
  });
  assert.equal(stored.line, 'order placed');
  assert.equal(stored.level, 'warn');
  assert.equal(stored.timestampNs, time);
  assert.deepEqual(stored.record.attributes, { orderId: 42 });
  assert.equal(stored.record.severityText, 'WARN');
  assert.deepEqual(stored.resource.attributes, { 'service.name': 'shop', 'host.name': 'h' });
  assert.equal(stored.scope.name, 'lib');
  assert.deepEqual([stored.duplicate, stored.requestNumber], [false, 1]);
});

test('a request is there with its headers, sizes and outcome', async (t) => {
  const inbox = await start(t);
  const body = request('a', 'b');
  await post(inbox, body, { path: '/otlp/v1/logs?x=1', headers: { 'x-team': 'blue' } });
  await post(inbox, '{', {});
  const [first, second] = inbox.requests;
  assert.equal(first?.headers['x-team'], 'blue');
  const { n, method, path, bodyBytes, status, stored, duplicates, rejected } =
    first ?? assert.fail();
  assert.deepEqual(
    { n, method, path, bodyBytes, status, stored, duplicates, rejected },
    {
      n: 1,
      method: 'POST',
      path: '/otlp/v1/logs?x=1',
      bodyBytes: body.length,
      status: 204,
      stored: 2,
      duplicates: 0,
      rejected: 0,
    },
  );
  assert.deepEqual([second?.n, second?.status, second?.stored], [2, 400, 0]);
  assert.match(second?.message ?? '', /ReadObject/);
  assert.deepEqual(inbox.totals, { requests: 2, stored: 2, duplicates: 0, rejected: 0 });
});

test('other paths are 404, other methods 405', async (t) => {
  const inbox = await start(t);
  for (const path of ['/', '/v1/traces', '/v1/logs/', '/loki/api/v1/push']) {
    assert.equal((await post(inbox, request('a'), { path })).status, 404);
  }
  assert.equal((await fetch(`${inbox.url}/v1/logs`)).status, 405);
});

test('credentials are asked for in the words of the gateway', async (t) => {
  const inbox = await start(t, { auth: { username: '123', password: 'glc_x' } });
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  const answer = (authorization?: string) =>
    post(inbox, request('a'), { headers: authorization === undefined ? {} : { authorization } });
  const missing = await answer();
  assert.deepEqual([missing.status, missing.contentType], [401, 'application/json']);
  assert.deepEqual(JSON.parse(missing.text), {
    status: 'error',
    error: 'authentication error: no credentials provided',
  });
  for (const wrong of [
    basic('123:glc_y'),
    basic('124:glc_x'),
    'Bearer glc_x',
    basic('123:glc_x '),
  ]) {
    const { status, text } = await answer(wrong);
    assert.equal(status, 401);
    assert.match(text, /invalid authentication credentials/);
  }
  assert.equal((await answer(basic('123:glc_x'))).status, 204);
  assert.equal(inbox.records.length, 1);
});

test('the newest records stay within the byte cap, the totals count all', async (t) => {
  const inbox = await start(t, { maxBytes: 20_000 });
  for (let count = 0; count < 30; count++) await post(inbox, request(`line ${count}`));
  assert.ok(inbox.records.length > 3 && inbox.records.length < 13);
  assert.equal(inbox.records.at(-1)?.line, 'line 29');
  assert.equal(inbox.totals.stored, 30);
});

test('a repeat that is stored is marked', async (t) => {
  const inbox = await start(t, { rules: 'none' });
  const time = nowNs();
  await post(inbox, plainRequest(['a', 'b'], time));
  await post(inbox, plainRequest(['a', 'c'], time));
  const marked = inbox.records.map(({ line, duplicate }) => `${line} ${duplicate}`);
  assert.deepEqual(marked, ['a false', 'b false', 'a true', 'c false']);
});

test('waitFor resolves at a number or a condition, also a fulfilled one', async (t) => {
  const inbox = await start(t);
  const three = inbox.waitFor(3);
  const done = inbox.waitFor((records) => records.some(({ line }) => line === 'c'));
  await post(inbox, request('a', 'b'));
  await post(inbox, request('c'));
  assert.equal((await three).length, 3);
  assert.equal((await done).length, 3);
  assert.equal((await inbox.waitFor(1)).length, 3);
});

test('waitFor says what did arrive when it waits in vain', async (t) => {
  const inbox = await start(t);
  await post(inbox, request('only this'));
  await post(inbox, '{');
  await assert.rejects(inbox.waitFor(5, 20), (error: Error) => {
    assert.match(
      error.message,
      /^Waited 20 ms for 5 records; 1 stored from 2 requests: 1 x 204, 1 x 400 \(/,
    );
    assert.match(error.message, /The last lines:\n {2}"only this"$/);
    return true;
  });
});

test('waitFor passes on what a condition throws', async (t) => {
  const inbox = await start(t);
  const failing = () => {
    throw new Error('my condition');
  };
  await assert.rejects(inbox.waitFor(failing), /my condition/);
});

test('clear forgets records, requests, totals and faults', async (t) => {
  const inbox = await start(t);
  await post(inbox, request('a'));
  inbox.setFault({ type: 'status', status: 503 });
  inbox.pushFault({ type: 'status', status: 500 });
  inbox.clear();
  assert.deepEqual([inbox.records.length, inbox.requests.length, inbox.totals.stored], [0, 0, 0]);
  assert.equal((await post(inbox, request('b'))).status, 204);
});

test('callbacks see every record and request before the answer', async (t) => {
  const records: StoredRecord[] = [];
  const requests: RequestEntry[] = [];
  const inbox = await start(t, {
    onRecord: (record) => records.push(record),
    onRequest: (entry) => requests.push(entry),
  });
  await post(inbox, request('a', 'b'));
  assert.deepEqual(
    records.map(({ line }) => line),
    ['a', 'b'],
  );
  assert.equal(requests.length, 1);
});

test('the journal has a line per request, written before the answer', async (t) => {
  const path = join(directory(t), 'journal.ndjson');
  const inbox = await start(t, { journal: path, rules: 'none', journalId: 'key' });
  inbox.pushFault({ type: 'lost-answer' });
  const body = (id: string) =>
    logsRequest({ 'service.name': 'shop' }, [
      { time: nowNs(), body: 'x', attributes: { key: id } },
    ]);
  await assert.rejects(post(inbox, body('r:1'), { headers: { authorization: 'Basic abc' } }));
  inbox.pushFault({ type: 'status', status: 503 });
  await post(inbox, body('r:2'));
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  const [first, second] = lines.map((line) => JSON.parse(line));
  assert.deepEqual(
    [first.n, first.path, first.status, first.stored, first.bytes],
    [1, '/v1/logs', 0, 1, body('r:1').length],
  );
  assert.ok(first.headerNames.includes('authorization'));
  assert.match(first.credentialSha256, /^[0-9a-f]{64}$/);
  assert.doesNotMatch(lines[0] ?? '', /Basic abc/);
  const [record] = first.records;
  assert.deepEqual([record.id, record.stored], ['r:1', true]);
  assert.match(record.sha256, /^[0-9a-f]{64}$/);
  assert.match(record.resourceSha256, /^[0-9a-f]{64}$/);
  assert.deepEqual([second.status, second.stored, second.credentialSha256], [503, 0, null]);
  assert.equal(second.records[0].stored, false);
  assert.equal(second.records[0].resourceSha256, record.resourceSha256);
  assert.ok(second.atMs >= first.atMs);
});

test('a second close resolves, and leaves a file alone that has got the number of the journal', async (t) => {
  const path = join(directory(t), 'journal.ndjson');
  const inbox = await startInbox({ port: 0, journal: path });
  await Promise.all([inbox.close(), inbox.close()]);
  const file = openSync(path, 'r');
  await inbox.close();
  assert.equal(readFileSync(file, 'utf8'), '');
  closeSync(file);
});

test('a client that leaves amid its request costs nothing', async (t) => {
  const inbox = await start(t);
  const aborter = new AbortController();
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(Buffer.from('{"resourceLogs":'));
      setImmediate(() => aborter.abort());
    },
  });
  const init = { method: 'POST', body, duplex: 'half' as const, signal: aborter.signal };
  await assert.rejects(fetch(`${inbox.url}/v1/logs`, init));
  assert.equal((await post(inbox, request('a'))).status, 204);
});

test('a port that is taken rejects', async (t) => {
  const inbox = await start(t);
  await assert.rejects(startInbox({ port: inbox.port }), { code: 'EADDRINUSE' });
});

test('IPv6 loopback has its own form of URL', async (t) => {
  const inbox = await start(t, { host: '::1' }).catch(() => undefined);
  if (inbox === undefined) return t.skip('no IPv6 here');
  assert.equal(inbox.url, `http://[::1]:${inbox.port}`);
  assert.equal((await post(inbox, request('a'))).status, 204);
});

function certificate(t: TestContext): { key: string; cert: string } | undefined {
  const path = directory(t);
  const [key, cert] = [join(path, 'key.pem'), join(path, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const files = ['-keyout', key, '-out', cert, '-days', '1'];
  try {
    execFileSync('openssl', ['req', '-x509', ...curve, ...files, ...subject], { stdio: 'ignore' });
  } catch {
    // No openssl on this machine.
    return undefined;
  }
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}

interface TlsClient {
  readonly ca: string;
  readonly key?: string;
  readonly cert?: string;
}

function tlsStatus(inbox: Inbox, client: TlsClient): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const options = { method: 'POST', headers, agent: false, ...client };
    const sent = httpsRequest(`${inbox.url}/v1/logs`, options, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.end(request('a'));
  });
}

test('TLS serves https, asks for a client certificate when told to, and can be cut', async (t) => {
  const own = certificate(t);
  if (own === undefined) return t.skip('needs openssl');
  const told: string[] = [];
  const inbox = await start(t, { tls: own, onStranger: (problem) => told.push(problem) });
  assert.match(inbox.url, /^https:/);
  assert.equal(await tlsStatus(inbox, { ca: own.cert }), 204);
  await assert.rejects(post({ url: inbox.url.replace('https', 'http') }, request('a')));
  assert.match(told.join(), /plain HTTP .* https:\/\//);
  inbox.pushFault({ type: 'cut' });
  await assert.rejects(tlsStatus(inbox, { ca: own.cert }), { code: 'ECONNRESET' });
  const mutual = await start(t, { tls: { ...own, ca: own.cert, requestCert: true } });
  await assert.rejects(tlsStatus(mutual, { ca: own.cert }));
  assert.equal(await tlsStatus(mutual, { ca: own.cert, ...own }), 204);
});
