// Names and addresses: resolved anew, the second address in time, forbidden ones refused.

import assert from 'node:assert/strict';
import http from 'node:http';
import type { LookupFunction } from 'node:net';
import { test } from 'node:test';
import { collecting, listen, startSender } from './sockets.test.ts';

/** A lookup that answers with these addresses; it counts its calls. */
function lookupOf(addresses: () => string[]): { lookup: LookupFunction; calls: string[] } {
  const calls: string[] = [];
  const lookup: LookupFunction = (hostname, options, callback) => {
    calls.push(hostname);
    const all = addresses().map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    queueMicrotask(() => {
      if (options.all === true) callback(null, all);
      else callback(null, all[0]?.address ?? '', all[0]?.family);
    });
  };
  return { lookup, calls };
}

test('a name that cannot be resolved is told as such', async (t) => {
  const lookup: LookupFunction = (_hostname, _options, callback) => {
    const error = Object.assign(new Error('no'), { code: 'ENOTFOUND' });
    queueMicrotask(() => callback(error, ''));
  };
  const answer = await startSender(t, 'http://gateway.example/', { lookup }).send();
  assert.deepEqual(answer, {
    type: 'failure',
    kind: 'dns',
    message: 'no such host name (ENOTFOUND)',
    code: 'ENOTFOUND',
  });
});

test('a lookup that hangs is given up in time', async (t) => {
  const lookup: LookupFunction = () => undefined;
  const sender = startSender(t, 'http://gateway.example/', { lookup, timeoutMs: 100 });
  const answer = await sender.send();
  assert.equal(answer.type === 'failure' && answer.kind, 'timeout');
});

test('a dead IPv6 address gives way to the second one within a second', async (t) => {
  const { port, sockets } = await listen(t, http.createServer(collecting([])));
  const { lookup } = lookupOf(() => ['::1', '127.0.0.1']);
  const sender = startSender(t, `http://gateway.example:${port}/`, { lookup });
  const startedMs = performance.now();
  const answer = await sender.send();
  assert.equal(answer.type === 'answer' && answer.status, 204);
  assert.equal(sockets.length, 1);
  assert.ok(performance.now() - startedMs < 1000);
});

test('a name that moves is followed at the next connection', async (t) => {
  const first = http.createServer(collecting([]));
  const { port, sockets } = await listen(t, first);
  const second = http.createServer(collecting([]));
  t.after(() => second.close());
  await new Promise<void>((resolve) => second.listen(port, '127.0.0.2', resolve));
  let address = '127.0.0.1';
  const { lookup, calls } = lookupOf(() => [address]);
  const sender = startSender(t, `http://gateway.example:${port}/`, { lookup });
  await sender.send();
  address = '127.0.0.2';
  first.close();
  for (const socket of sockets) socket.destroy();
  const answers = [await sender.send(), await sender.send()];
  assert.ok(answers.some((answer) => answer.type === 'answer' && answer.status === 204));
  assert.equal(calls.length, 2);
  second.closeAllConnections();
});

const isForbiddenAddress = (ip: string): boolean => ip.startsWith('169.254.') || ip === '127.0.0.1';

for (const host of ['127.0.0.1', '2130706433', '0x7f000001', 'localhost.example']) {
  test(`the forbidden address behind ${host} is refused before anything connects`, async (t) => {
    const { port, sockets } = await listen(t, http.createServer(collecting([])));
    const { lookup } = lookupOf(() => ['127.0.0.2', '127.0.0.1']);
    const sender = startSender(t, `http://${host}:${port}/`, { lookup, isForbiddenAddress });
    const answer = await sender.send();
    assert.equal(answer.type === 'failure' && answer.kind, 'forbidden-address');
    assert.equal(sockets.length, 0);
  });
}

test('a private name with a public address gets no connection, and is told why', async (t) => {
  const { port, sockets } = await listen(t, http.createServer(collecting([])));
  const { lookup } = lookupOf(() => ['127.0.0.2', '127.0.0.1']);
  const isExposedAddress = (ip: string): boolean => ip === '127.0.0.1';
  const sender = startSender(t, `http://alloy:${port}/`, { lookup, isExposedAddress });
  assert.deepEqual(await sender.send(), {
    type: 'failure',
    kind: 'forbidden-address',
    message:
      'alloy leads to a public address, and plain http would show the credentials on the way; use https://',
    code: undefined,
  });
  assert.equal(sockets.length, 0);
});

test('a proxy with such an address gets no connection either', async (t) => {
  const { port, sockets } = await listen(t, http.createServer(collecting([])));
  const { lookup } = lookupOf(() => ['127.0.0.1']);
  for (const proxy of ['proxy.example', '127.0.0.1']) {
    const sender = startSender(t, 'http://alloy:4318/', {
      lookup,
      isExposedAddress: (ip) => ip === '127.0.0.1',
      proxy: { http: `http://${proxy}:${port}`, https: undefined, no: undefined },
    });
    const answer = await sender.send();
    assert.equal(answer.type === 'failure' && answer.kind, 'forbidden-address');
  }
  assert.equal(sockets.length, 0);
});
