// TLS with certificates made by openssl: what is trusted, what is not, and files that change.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Answer } from './answer.ts';
import { FakeClock } from './harness.test.ts';
import { collecting, listen, type Received, realClock, startSender } from './sockets.test.ts';

const hasOpenssl = isThere('openssl');
const skip = hasOpenssl ? false : 'openssl is not installed';
const folder = mkdtempSync(join(tmpdir(), 'otel-setup-tls-'));
const path = (name: string): string => join(folder, name);

before(() => {
  if (!hasOpenssl) return;
  makeAuthority('ca');
  makeAuthority('other');
  makeCertificate('good', 'ca', 'DNS:localhost,IP:127.0.0.1');
  makeCertificate('wrong-host', 'ca', 'DNS:elsewhere.example');
  makeCertificate('expired', 'ca', 'IP:127.0.0.1', '20200101000000Z', '20200201000000Z');
  makeCertificate('client', 'ca', 'DNS:client');
});

after(() => rmSync(folder, { recursive: true, force: true }));

function isThere(program: string): boolean {
  try {
    execFileSync(program, ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    // Told by each test that is skipped.
    return false;
  }
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
}

function makeKey(name: string): void {
  openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`);
}

function makeAuthority(name: string): void {
  makeKey(name);
  const subject = ['-subj', `/CN=${name}`];
  openssl('req', '-x509', '-key', `${name}.key`, '-days', '2', ...subject, '-out', `${name}.pem`);
}

function makeCertificate(
  name: string,
  authority: string,
  altNames: string,
  from = '20240101000000Z',
  to = '20491231000000Z',
): void {
  makeKey(name);
  writeFileSync(
    path('ca.cnf'),
    `[ca]\ndefault_ca=c\n[c]\ndatabase=index\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\nunique_subject=no\nx509_extensions=x\n[p]\ncommonName=supplied\n[x]\nsubjectAltName=${altNames}\n`,
  );
  writeFileSync(path('index'), '');
  writeFileSync(path('serial'), `${Math.floor(Math.random() * 1e9)}0`.padStart(12, '1'));
  openssl('req', '-new', '-key', `${name}.key`, '-subj', `/CN=${name}`, '-out', `${name}.csr`);
  const by = ['-cert', `${authority}.pem`, '-keyfile', `${authority}.key`];
  const dates = ['-startdate', from, '-enddate', to];
  openssl(
    'ca',
    '-batch',
    '-config',
    'ca.cnf',
    ...by,
    ...dates,
    '-in',
    `${name}.csr`,
    '-notext',
    '-out',
    `${name}.pem`,
  );
}

function serverOf(
  name: string,
  received: Received[],
  options: https.ServerOptions = {},
): https.Server {
  const files = { key: readFileSync(path(`${name}.key`)), cert: readFileSync(path(`${name}.pem`)) };
  return https.createServer({ ...files, ...options }, collecting(received));
}

function kindOf(answer: Answer): string {
  return answer.type === 'failure' ? answer.kind : String(answer.status);
}

for (const own of [false, true]) {
  test(`a certificate of a private authority is ${own ? 'trusted with' : 'refused without'} its file`, {
    skip,
  }, async (t) => {
    const received: Received[] = [];
    const { port } = await listen(t, serverOf('good', received));
    const sender = startSender(t, `https://localhost:${port}/`, {
      endpoint: own ? { certificate: path('ca.pem') } : {},
    });
    assert.equal(kindOf(await sender.send()), own ? '204' : 'tls');
    assert.equal(received.length, own ? 1 : 0);
  });
}

const untrusted = [
  { name: 'expired', message: /expired/ },
  { name: 'wrong-host', message: /another host name/ },
];
for (const { name, message } of untrusted) {
  test(`a certificate that is ${name} gets no byte of a log`, { skip }, async (t) => {
    const received: Received[] = [];
    const { port } = await listen(t, serverOf(name, received));
    const sender = startSender(t, `https://127.0.0.1:${port}/`, {
      endpoint: { certificate: path('ca.pem') },
    });
    const answer = await sender.send();
    assert.equal(kindOf(answer), 'tls');
    assert.match(answer.type === 'failure' ? answer.message : '', message);
    assert.equal(received.length, 0);
  });
}

test('NODE_TLS_REJECT_UNAUTHORIZED=0 is not obeyed', { skip }, async (t) => {
  const received: Received[] = [];
  const { port } = await listen(t, serverOf('good', received));
  const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  t.after(() => {
    if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
  });
  const sender = startSender(t, `https://127.0.0.1:${port}/`);
  assert.equal(kindOf(await sender.send()), 'tls');
  assert.equal(received.length, 0);
});

test('a server of TLS 1.1 is refused', { skip }, async (t) => {
  const received: Received[] = [];
  const old = {
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  } as const;
  const { port } = await listen(t, serverOf('good', received, old));
  const sender = startSender(t, `https://127.0.0.1:${port}/`, {
    endpoint: { certificate: path('ca.pem') },
  });
  assert.equal(kindOf(await sender.send()), 'tls');
  assert.equal(received.length, 0);
});

test('a plain server behind an https address is refused', { skip }, async (t) => {
  const { port } = await listen(
    t,
    net.createServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n')),
  );
  const answer = await startSender(t, `https://127.0.0.1:${port}/`).send();
  assert.equal(kindOf(answer), 'tls');
});

test('a stalled handshake is given up in time', { skip }, async (t) => {
  const { port } = await listen(t, net.createServer());
  const answer = await startSender(t, `https://127.0.0.1:${port}/`, { timeoutMs: 150 }).send();
  assert.equal(kindOf(answer), 'timeout');
});

for (const own of [false, true]) {
  test(`a server that wants a client's certificate ${own ? 'gets' : 'misses'} it`, {
    skip,
  }, async (t) => {
    const received: Received[] = [];
    const wants = { requestCert: true, rejectUnauthorized: true, ca: readFileSync(path('ca.pem')) };
    const { port } = await listen(t, serverOf('good', received, wants));
    const client = { clientCertificate: path('client.pem'), clientKey: path('client.key') };
    const sender = startSender(t, `https://127.0.0.1:${port}/`, {
      endpoint: { certificate: path('ca.pem'), ...(own ? client : {}) },
    });
    const answer = await sender.send();
    assert.equal(answer.type, own ? 'answer' : 'failure');
    assert.equal(received.length, own ? 1 : 0);
  });
}

test('a missing certificate file is told, and nothing is sent', { skip }, async (t) => {
  const { port, sockets } = await listen(t, serverOf('good', []));
  const sender = startSender(t, `https://127.0.0.1:${port}/`, {
    endpoint: { certificate: path('none.pem') },
  });
  const answer = await sender.send();
  assert.equal(kindOf(answer), 'tls-files');
  assert.match(
    answer.type === 'failure' ? answer.message : '',
    /none\.pem cannot be used \(ENOENT/,
  );
  assert.equal(sockets.length, 0);
});

test('a certificate that is no file is told as that, and waited for by nobody', {
  skip,
}, async (t) => {
  const { port } = await listen(t, serverOf('good', []));
  const sender = startSender(t, `https://127.0.0.1:${port}/`, {
    endpoint: { certificate: '/dev/zero' },
  });
  const answer = await sender.send();
  assert.match(answer.type === 'failure' ? answer.message : '', /\/dev\/zero cannot .*\(no file\)/);
});

test('an http address asks for no certificate', async (t) => {
  const server = createHttpServer((request, response) => {
    request.resume().on('end', () => response.writeHead(204).end());
  });
  const { port } = await listen(t, server);
  const sender = startSender(t, `http://127.0.0.1:${port}/`, {
    endpoint: { certificate: path('none.pem') },
  });
  assert.equal((await sender.send()).type, 'answer');
});

test('a file that changes counts from the next connection on; a bad one leaves the old in use', {
  skip,
}, async (t) => {
  const received: Received[] = [];
  const { port, sockets } = await listen(t, serverOf('good', received));
  const clock = new FakeClock();
  const ticking = { ...realClock, monotonic: () => clock.timeMs };
  const certificate = path('rotated.pem');
  let mtime = 1000;
  const put = (name: string): void => {
    copyFileSync(path(name), certificate);
    mtime += 10;
    utimesSync(certificate, mtime, mtime);
  };
  const sender = startSender(t, `https://127.0.0.1:${port}/`, {
    clock: ticking,
    endpoint: { certificate },
  });
  const sendAnew = async (): Promise<string> => {
    for (const socket of sockets) socket.destroy();
    // The first may find the closed connection; its failure makes the next connect anew.
    const first = kindOf(await sender.send());
    return first === 'network' ? kindOf(await sender.send()) : first;
  };
  put('other.pem');
  assert.equal(await sendAnew(), 'tls');
  put('ca.pem');
  assert.equal(await sendAnew(), 'tls', 'looked at once in 5 s');
  clock.timeMs = 5001;
  assert.equal(await sendAnew(), '204');
  writeFileSync(certificate, 'no certificate');
  clock.timeMs = 20_000;
  assert.equal(await sendAnew(), '204');
  clock.timeMs = 40_000;
  assert.equal(await sendAnew(), '204');
  assert.deepEqual(
    sender.notices.map((notice) => notice.code),
    ['OTEL_SETUP_TLS_FILES'],
  );
});
