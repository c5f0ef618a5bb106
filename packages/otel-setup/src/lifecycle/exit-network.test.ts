import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  type Receiver,
  recordsOf,
  runApp,
  startReceiver,
} from '../../../../test/programs/lifecycle-run.ts';

const scenario = { ending: 'exit', records: 35, ours: true };

interface Proxy {
  readonly url: string;
  readonly asked: string[];
}

async function startProxy(context: TestContext, status = 200): Promise<Proxy> {
  const asked: string[] = [];
  const server = createServer();
  server.on('connect', (request, socket, head) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization'] ?? '-'}`);
    socket.on('error', () => socket.destroy());
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const [host = '', port] = (request.url ?? '').split(':');
    const far = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      far.write(head);
      far.pipe(socket).pipe(far);
    });
    far.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  context.after(() => server.close());
  return { url: `http://us%40er:pass@127.0.0.1:${port}`, asked };
}

test('a proxy is asked once, by CONNECT, with its credentials', async (context) => {
  const proxy = await startProxy(context);
  const receiver = await startReceiver();
  await runApp({ ...scenario, proxy: proxy.url, url: receiver.url });
  await receiver.close();
  const { host } = new URL(receiver.url);
  const credentials = Buffer.from('us@er:pass').toString('base64');
  assert.deepEqual(proxy.asked, [`${host} Basic ${credentials}`]);
  assert.deepEqual(receiver.texts, recordsOf(35));
});

test('a proxy that refuses is never gone around', async (context) => {
  const proxy = await startProxy(context, 407);
  const receiver = await startReceiver();
  const ended = await runApp({ ...scenario, proxy: proxy.url, url: receiver.url });
  await receiver.close();
  assert.equal(receiver.requests.length, 0);
  assert.match(ended.stderr, /closed with 35 pending/);
});

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const secure = { skip: !hasOpenssl && 'needs openssl(1) to make a certificate' };

function makeCertificate(): { cert: string; key: string } {
  const directory = mkdtempSync(join(tmpdir(), 'otel-setup-test-'));
  const [certPath, keyPath] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  const subject = ['-subj', '/CN=test', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const out = ['-keyout', keyPath, '-out', certPath];
  execFileSync('openssl', ['req', '-x509', ...kind, ...subject, ...out], { stdio: 'ignore' });
  const made = { cert: readFileSync(certPath, 'utf8'), key: readFileSync(keyPath, 'utf8') };
  rmSync(directory, { recursive: true });
  return made;
}

async function startSecure(cert: string, key: string): Promise<Receiver> {
  const create = (listener: RequestListener) =>
    createSecureServer({ cert, key }, listener) as unknown as Server;
  const receiver = await startReceiver(undefined, create);
  receiver.server.on('tlsClientError', () => undefined);
  return { ...receiver, url: receiver.url.replace('http:', 'https:') };
}

test('TLS: an authority of its own is trusted, through a proxy too', secure, async (context) => {
  const { cert, key } = makeCertificate();
  const proxy = await startProxy(context);
  for (const more of [{}, { proxy: proxy.url }]) {
    const receiver = await startSecure(cert, key);
    await runApp({ ...scenario, ...more, ca: [cert], url: receiver.url });
    await receiver.close();
    assert.deepEqual(receiver.texts, recordsOf(35));
  }
  assert.equal(proxy.asked.length, 1);
});

test(
  'TLS: an unknown authority gets no byte of a log, even with verification off',
  secure,
  async () => {
    const { cert, key } = makeCertificate();
    const receiver = await startSecure(cert, key);
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    const ended = await runApp({ ...scenario, url: receiver.url }, { env });
    await receiver.close();
    assert.equal(receiver.requests.length, 0);
    assert.match(ended.stderr, /closed with 35 pending/);
  },
);

// A network of its own, whose name server hears and never answers: a system look-up there takes 10 s,
// and the end of a process waits for it.
const inSilence =
  'ip link set lo up && echo nameserver 127.0.0.1 > "$0" && mount --bind "$0" /etc/resolv.conf && exec "$@"';

test('a dead name server does not hold up the end of the process', async (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'otel-setup-test-'));
  const command = ['unshare', '-Urmn', 'sh', '-c', inSilence, join(directory, 'resolv.conf')];
  if (spawnSync('unshare', [...command.slice(1), 'true']).status !== 0) {
    rmSync(directory, { recursive: true });
    context.skip('needs unshare(1), ip(8) and user namespaces');
    return;
  }
  const ended = await runApp(
    {
      ...scenario,
      url: 'http://logs.example.test/v1/logs',
      extras: ['silent-name-server'],
    },
    { command: [...command, process.execPath] },
  );
  rmSync(directory, { recursive: true });
  assert.equal(ended.code, 3, ended.stderr);
  assert.match(ended.stderr, /closed with 35 pending/);
  assert.ok(ended.tookMs < 8000, `${ended.tookMs} ms`);
});
