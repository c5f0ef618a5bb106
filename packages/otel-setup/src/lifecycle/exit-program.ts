// The worker that sends when the process ends, as text: it starts with `eval`, so that it needs no
// file beside it, whatever bundles, transpiles or instruments this package.

/** Where the two threads leave words for each other, as Int32Array indices of `control`. */
export const CONTROL = { state: 0, stored: 1, allowed: 2, stop: 3, refused: 4, length: 5 } as const;

/** `waiting`: for the worker; `asked`: the worker asks about addresses; `done`: it has finished. */
export const STATE = { waiting: 0, asked: 1, done: 2 } as const;

/** Per request: four Int32 (status, content type, bytes sent, bytes of the body), then the body. */
export const SLOT = { headBytes: 16, bodyBytes: 2048 } as const;

/** Content types as numbers; with `other` nothing is stored. */
export const CONTENT_TYPES = ['', 'application/x-protobuf', 'application/json', 'other'] as const;

export const exitProgram = `'use strict';
const { workerData } = require('node:worker_threads');
const { control, bytes, spans, slots, slot, question, target } = workerData;
const MAX_RESPONSE_BYTES = 65536;
const url = new URL(target.url);
const proxy = target.proxy === undefined ? undefined : new URL(target.proxy);
const secure = url.protocol === 'https:';
const host = url.hostname.replace(/^\\[|\\]$/g, '');
const port = Number(url.port || (secure ? 443 : 80));

// A system look-up cannot be cancelled, and the end of a process waits for it: 10 s and more where
// the name server is dead (measured). So the name server is first asked in a way that can be
// abandoned; any prompt answer, a refusal included, shows that the system's look-up is safe.
async function nameServerAnswers(name) {
  if (require('node:net').isIP(name) || name === 'localhost') return true;
  const resolver = new (require('node:dns').promises.Resolver)({ timeout: 150, tries: 1 });
  const began = performance.now();
  const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  return !answers.some(({ reason }) => reason?.code === 'ETIMEOUT') && performance.now() - began < 150;
}

async function resolveHost(name) {
  if (target.addresses !== undefined) return target.addresses;
  if (!(await nameServerAnswers(name))) throw new Error('the name server does not answer');
  return require('node:dns').promises.lookup(name, { all: true });
}

// The rules about addresses are the main thread's: it waits, and answers.
function allowed(addresses) {
  const text = new TextEncoder().encode(addresses.map(({ address }) => address).join(','));
  if (text.length > question.length) return false;
  question.fill(0);
  question.set(text);
  Atomics.store(control, 0, 1);
  Atomics.notify(control, 0);
  Atomics.wait(control, 0, 1);
  return Atomics.load(control, 2) === 1;
}

function lookupIn(addresses) {
  return (name, options, callback) =>
    options.all ? callback(null, addresses) : callback(null, addresses[0].address, addresses[0].family);
}

function tlsOptions() {
  const { ca, cert, key } = target;
  return { ca, cert, key, minVersion: 'TLSv1.2', rejectUnauthorized: true };
}

function openTunnel(addresses) {
  const { request } = require(proxy.protocol === 'https:' ? 'node:https' : 'node:http');
  const authority = url.hostname + ':' + port;
  const headers = { host: authority };
  if (proxy.username !== '') {
    const user = decodeURIComponent(proxy.username) + ':' + decodeURIComponent(proxy.password);
    headers['proxy-authorization'] = 'Basic ' + Buffer.from(user).toString('base64');
  }
  const where = { host: proxy.hostname.replace(/^\\[|\\]$/g, ''), port: proxy.port || undefined };
  const lookup = lookupIn(addresses);
  return new Promise((resolve, reject) => {
    request({ ...where, method: 'CONNECT', path: authority, headers, agent: false, lookup })
      .on('connect', ({ statusCode }, socket) =>
        statusCode === 200 ? resolve(socket) : reject(new Error('the proxy refused')))
      .on('error', reject)
      .end();
  });
}

async function openAgent() {
  const { Agent } = require(secure ? 'node:https' : 'node:http');
  const keepAlive = { keepAlive: true, maxSockets: 1 };
  const options = secure ? { ...keepAlive, ...tlsOptions() } : keepAlive;
  const addresses = await resolveHost((proxy ?? url).hostname.replace(/^\\[|\\]$/g, ''));
  if (!allowed(addresses)) throw new Error('a forbidden address');
  if (proxy === undefined) return new Agent({ ...options, lookup: lookupIn(addresses) });
  const socket = await openTunnel(addresses);
  const servername = require('node:net').isIP(host) ? undefined : host;
  const agent = new Agent(options);
  agent.createConnection = () =>
    secure ? require('node:tls').connect({ ...tlsOptions(), socket, host, servername }) : socket;
  return agent;
}

function post(agent, body) {
  const { request } = require(secure ? 'node:https' : 'node:http');
  const headers = { ...target.headers, 'content-type': 'application/x-protobuf', 'content-length': body.length };
  if (target.gzip) headers['content-encoding'] = 'gzip';
  return new Promise((resolve, reject) => {
    request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks = [];
      let length = 0;
      response.on('error', reject);
      response.on('data', (chunk) => {
        length += chunk.length;
        chunks.push(chunk);
        if (length > MAX_RESPONSE_BYTES) response.destroy(new Error('an endless answer'));
      });
      response.on('end', () => resolve({ response, body: Buffer.concat(chunks) }));
    }).on('error', reject).end(body);
  });
}

function contentTypeOf(response) {
  const [type] = (response.headers['content-type'] || '').split(';');
  const known = ['', 'application/x-protobuf', 'application/json'].indexOf(type.trim().toLowerCase());
  return known < 0 ? 3 : known;
}

// 204, or 200 with nothing, protobuf or JSON in it: any other 2xx means that nothing was stored.
function isStored(status, type, body) {
  return status === 204 || (status === 200 && (body.length === 0 || type === 1 || type === 2));
}

async function sendAll() {
  const agent = await openAgent();
  for (const [index, [start, end]] of spans.entries()) {
    if (Atomics.load(control, 3) === 1) return;
    const plain = Buffer.from(bytes.buffer, start, end - start);
    const body = target.gzip ? require('node:zlib').gzipSync(plain, { level: 1 }) : plain;
    const answer = await post(agent, body);
    const type = contentTypeOf(answer.response);
    const status = answer.response.statusCode;
    const kept = answer.body.subarray(0, slot.bodyBytes);
    const at = index * (slot.headBytes + slot.bodyBytes);
    new Int32Array(slots.buffer, at, 4).set([status, type, body.length, kept.length]);
    slots.set(kept, at + slot.headBytes);
    if (!isStored(status, type, answer.body)) {
      Atomics.store(control, 4, 1);
      return;
    }
    Atomics.store(control, 1, index + 1);
  }
}

// What fails here stays in the spool; the closing line of the main thread tells it.
sendAll().catch(() => undefined).finally(() => {
  Atomics.store(control, 0, 2);
  Atomics.notify(control, 0);
});
`;
