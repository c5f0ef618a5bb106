// Addresses that records and credentials are never sent to, redirects, and the other route's headers.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Case } from './case.ts';
import { openGate } from './gate.ts';
import { assertSecret } from './secrets.ts';
import { sized } from './settings.ts';
import { sped } from './speed.ts';
import { torture } from './torture.ts';

const preload = fileURLToPath(new URL('./child/connects.ts', import.meta.url));
const token = 'glc_marker0f4secret1n2torture';
const basic = Buffer.from(`4711:${token}`).toString('base64');
const noCloud = { ALLOY_OTLP_ENDPOINT: '' };

const names = {
  'metadata.internal': ['169.254.169.254'],
  'metadata6.internal': ['fd00:ec2::254'],
  'both.internal': ['127.0.0.1', '169.254.169.254'],
  'public.internal': ['192.0.2.1'],
  'local.internal': ['127.0.0.1'],
};

interface Endpoint {
  readonly url: string;
  /** With credentials, on the direct route. */
  readonly withToken?: boolean;
}

/** Those of the short form come first. */
const forbidden: readonly Endpoint[] = [
  { url: 'file:///etc/passwd' },
  { url: 'http://2852039166/' },
  { url: 'http://metadata.internal:4318' },
  { url: 'http://[fd00:ec2::254]/' },
  { url: 'http://public.internal/otlp', withToken: true },
  { url: 'http://169.254.169.254/' },
  { url: 'http://0xA9FEA9FE/' },
  { url: 'http://0251.0376.0251.0376/' },
  { url: 'http://[::ffff:169.254.169.254]/' },
  { url: 'http://[::ffff:a9fe:a9fe]:4318/' },
  { url: 'http://[64:ff9b::a9fe:a9fe]/' },
  { url: 'http://[fe80::1]:4318/' },
  { url: 'http://metadata6.internal/' },
  { url: 'http://both.internal:4318/' },
  { url: 'http://192.0.2.1/otlp', withToken: true },
  { url: `http://user:${token}@192.0.2.1/` },
  { url: 'ftp://127.0.0.1/' },
];

function environment({ url, withToken }: Endpoint): Record<string, string> {
  if (!withToken) return { ALLOY_OTLP_ENDPOINT: url };
  return {
    ...noCloud,
    LOG_ROUTE: 'direct',
    GRAFANA_CLOUD_OTLP_ENDPOINT: url,
    GRAFANA_CLOUD_INSTANCE_ID: '4711',
    GRAFANA_CLOUD_API_KEY: token,
  };
}

/** Starts, logs, ends; the addresses it tried to connect to. */
async function connectsOf(
  c: Case,
  endpoint: Endpoint,
  index: number,
  printed: string[],
  isRefused = true,
): Promise<string> {
  const path = join(c.folder, `connects-${index}`);
  const process = await c.start({
    env: { ...environment(endpoint), CONNECTS: path },
    faults: { lookup: names },
    nodeArgs: ['--import', preload],
  });
  await process.log({ count: 5 });
  // A name is refused when it is looked up: the records wait for a better one.
  const isName = endpoint.url.includes('.internal');
  if (isName) assert.equal((await process.stats()).pending, 5);
  const { code, stderr, stdout } = await process.end('natural');
  assert.equal(code, 0, stderr);
  printed.push(stderr, stdout);
  if (isRefused) assert.match(stderr, /otel-setup \[(warn|error)\]/, endpoint.url);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

torture(
  'S04',
  'an address that no log endpoint has is refused before anything connects',
  {},
  async (c) => {
    await c.receive();
    const chosen = forbidden.slice(0, sized(5, forbidden.length));
    const printed: string[] = [];
    const atOnce = 3;
    for (let at = 0; at < chosen.length; at += atOnce) {
      const some = chosen.slice(at, at + atOnce);
      const tried = await Promise.all(
        some.map((one, index) => connectsOf(c, one, at + index, printed)),
      );
      assert.deepEqual(
        tried,
        some.map(() => ''),
        some.map(({ url }) => url).join(' '),
      );
    }
    c.figures.refused = chosen.length;
    // The witness itself is tested: loopback is allowed, by name and with credentials too.
    const { port } = c.receiver.inbox;
    for (const url of [`http://127.0.0.1:${port}`, `http://local.internal:${port}/otlp`]) {
      const tried = await connectsOf(
        c,
        { url, withToken: true },
        port + url.length,
        printed,
        false,
      );
      assert.match(tried, new RegExp(`^127.0.0.1 ${port}$`, 'm'));
    }
    assert.ok(c.receiver.arrivals.distinct >= 10);
    assertSecret(c, [token, basic], printed);
  },
);

torture(
  'S05',
  'a redirect is never followed, and a route never sees the headers of the other',
  {},
  async (c) => {
    const speed = 480;
    const times: number[] = [];
    const { inbox } = await c.receive({ onRequest: () => times.push(performance.now()) });
    const elsewhere = await openGate(c);
    const direct = environment({ url: `${inbox.url}/otlp`, withToken: true });
    const writer = await c.start({ ...sped(speed), env: direct });
    for (const status of [301, 302, 303, 307, 308]) {
      const before = times.length;
      inbox.setFault({ type: 'redirect', location: `${elsewhere.url}/otlp/v1/logs`, status });
      await writer.log({ count: 10 });
      await c.receiver.until(() => times.length > before, `${status} was answered`);
    }
    const redirected = times.length;
    inbox.setFault({ type: 'status', status: 503 });
    await c.receiver.until(() => times.length > redirected, '503 was answered');
    assert.equal(inbox.totals.stored, 0);
    await writer.kill();

    const asked = inbox.requests.length;
    inbox.setFault(undefined);
    const alloy = { ALLOY_OTLP_HEADERS: 'x-alloy=one', GRAFANA_CLOUD_API_KEY: token };
    const other = await c.start({ env: alloy });
    await c.receiver.until(
      () => c.receiver.arrivals.distinct === 50,
      'the backlog goes the new way',
    );
    inbox.setFault({ type: 'status', status: 503 });
    await other.log({ count: 10 });
    await c.receiver.until(() => inbox.requests.at(-1)?.status === 503, '503 was answered');
    await other.kill();
    const viaAlloy = inbox.requests.slice(asked);
    for (const { headers } of viaAlloy) {
      assert.equal(headers.authorization, undefined);
      assert.equal(headers['x-alloy'], 'one');
    }

    inbox.setFault(undefined);
    await c.settle({ env: { ...direct, ALLOY_OTLP_HEADERS: 'x-alloy=one' } });
    for (const { headers } of inbox.requests.slice(asked + viaAlloy.length)) {
      assert.equal(headers.authorization, `Basic ${basic}`);
      assert.equal(headers['x-alloy'], undefined);
    }
    c.judge({ duplicates: 0 });
    assert.equal(elsewhere.passages.length, 0);
    assertSecret(c, [token, basic], [writer.stderr, other.stderr]);
  },
);
