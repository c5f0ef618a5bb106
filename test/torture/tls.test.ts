// TLS that cannot be trusted gets no byte of a log, whatever the process is told; what can be trusted works.

import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type Inbox, startInbox } from 'otlp-inbox';
import { assert } from './assert.ts';
import type { Case } from './case.ts';
import { Certificates, missingOpenssl, type Pem } from './certificates.ts';
import { finish, finishProcess } from './finish.ts';
import { type Gate, openGate } from './gate.ts';
import { sized, speeded } from './settings.ts';
import { torture } from './torture.ts';

const options = { missing: missingOpenssl() };
const speed = speeded(60);
const attemptMs = 1_500;
const handshakeByte = 0x16;
/** A ClientHello, an alert and what else a handshake needs: far less than the records that wait. */
const mostHandshakeBytes = 4_096;

function secure(gate: Gate): string {
  return gate.url.replace('http:', 'https:');
}

function start(c: Case, gate: Gate, env: Record<string, string>) {
  return c.start({
    faults: { clock: { speed } },
    options: { timeoutMs: attemptMs * speed },
    env: { ALLOY_OTLP_ENDPOINT: secure(gate), ...env },
  });
}

async function startServer(c: Case, pem: Pem): Promise<Inbox> {
  const inbox = await startInbox({ port: 0, tls: { key: pem.key, cert: pem.cert } });
  c.t.after(() => inbox.close());
  return inbox;
}

/** A server that speaks nothing newer than TLS 1.1. */
async function startOldServer(c: Case, { cert, key }: Pem): Promise<{ port: number }> {
  const server = createServer({
    key,
    cert,
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  });
  server.on('request', () => assert.fail('a request came over TLS 1.1'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  c.t.after(() => server.close());
  return { port: (server.address() as AddressInfo).port };
}

/** Each attempt is one handshake, in TLS, too small to hold a record; and it ended. */
function assertNothingLeft(gate: Gate, from: number): void {
  for (const { first, fromClient } of gate.passages.slice(from)) {
    if (first === undefined) continue;
    assert.equal(first, handshakeByte);
    assert.ok(fromClient < mostHandshakeBytes, `${fromClient} bytes left`);
  }
}

/** Until two attempts against the gate as it is now have ended. */
async function twoAttempts(c: Case, gate: Gate, what: string): Promise<void> {
  const from = gate.passages.length;
  await c.until(
    () => gate.passages.slice(from).filter(({ closedMs }) => closedMs !== undefined).length >= 2,
    `two attempts at ${what}`,
    30_000,
  );
  assertNothingLeft(gate, from);
}

async function invalidThenValid(c: Case, env: Record<string, string>): Promise<string> {
  const certificates = new Certificates(c.folder);
  const authority = certificates.authority('authority');
  const good = certificates.make('good', { by: authority });
  const bad = {
    expired: certificates.make('expired', { by: authority, isExpired: true }),
    'self-signed': certificates.make('self-signed'),
    'wrong host': certificates.make('wrong', { by: authority, names: 'DNS:elsewhere.example' }),
    'unknown authority': certificates.make('other', { by: certificates.authority('unknown') }),
  };
  await c.receive({ tls: { key: good.key, cert: good.cert } });
  const gate = await openGate(c);
  const valid = c.receiver.inbox.port;
  const writer = await start(c, gate, {
    OTEL_EXPORTER_OTLP_CERTIFICATE: authority.certPath,
    ...env,
  });
  const inboxes: Inbox[] = [];
  for (const [name, pem] of Object.entries(bad)) {
    const inbox = await startServer(c, pem);
    inboxes.push(inbox);
    gate.target = inbox.port;
    await writer.log({ count: 20, size: 4_096 });
    await twoAttempts(c, gate, name);
  }
  // The process's clock ends an attempt; the connection goes by undici's own, which no clock speeds up.
  gate.answer(() => undefined);
  const from = gate.passages.length;
  await c.until(() => gate.passages.length >= from + 2, 'two stalled handshakes', 30_000);
  assertNothingLeft(gate, from);
  assert.ok(inboxes.every(({ requests }) => requests.length === 0));
  await gate.shut();
  gate.target = valid;
  await gate.open();
  const { end } = await finish(c, writer, { waitMs: 30_000 / speed + attemptMs, duplicates: 0 });
  assert.ok(gate.passages.every(({ first }) => first === undefined || first === handshakeByte));
  return end.stderr;
}

torture(
  'T30',
  'a certificate that cannot be trusted gets no byte of a log',
  { ...options, forStock: true },
  async (c) => {
    const stderr = await invalidThenValid(c, {});
    const told = stderr.split('\n').filter((line) => line.includes('offers no TLS connection'));
    assert.equal(told.filter((line) => !/more times? in /.test(line)).length, 1);
  },
);

torture('S15', 'TLS is verified, NODE_TLS_REJECT_UNAUTHORIZED=0 or not', options, async (c) => {
  const stderr = await invalidThenValid(c, {
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
    NODE_NO_WARNINGS: '1',
  });
  const told = stderr.split('\n').filter((line) => line.includes('is not obeyed for logs'));
  assert.equal(told.length, 1);
});

torture('S15', 'an old TLS is refused, a client certificate is shown', options, async (c) => {
  const certificates = new Certificates(c.folder);
  const authority = certificates.authority('authority');
  const good = certificates.make('good', { by: authority });
  const client = certificates.make('client', { by: authority, names: 'DNS:client' });
  await c.receive({
    tls: { key: good.key, cert: good.cert, ca: authority.cert, requestCert: true },
  });
  const gate = await openGate(c);
  const trust = { OTEL_EXPORTER_OTLP_CERTIFICATE: authority.certPath };
  const shown = {
    OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: client.certPath,
    OTEL_EXPORTER_OTLP_CLIENT_KEY: client.keyPath,
  };
  const bare = await start(c, gate, trust);
  await bare.log({ count: 20 });
  await c.until(() => bare.stderr.includes('The endpoint'), 'a client without certificate is told');
  assert.equal(c.receiver.inbox.requests.length, 0);
  assert.equal((await bare.stats()).pending, 20);
  await bare.kill();

  gate.target = (await startOldServer(c, good)).port;
  const whole = await start(c, gate, { ...trust, ...shown });
  await whole.log({ count: sized(20, 200), size: 4_096 });
  await twoAttempts(c, gate, 'TLS 1.1');
  gate.target = c.receiver.inbox.port;
  await finishProcess(c, whole, { waitMs: 30_000 / speed });
  await c
    .until(() => c.directories().length === 0, 'the orphan is delivered', 1)
    .catch(() =>
      c.settle({
        env: {
          ALLOY_OTLP_ENDPOINT: secure(gate),
          ...trust,
          OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: client.certPath,
          OTEL_EXPORTER_OTLP_CLIENT_KEY: client.keyPath,
        },
      }),
    );
  c.judge({ duplicates: 0 });
});
