import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { rootCertificates } from 'node:tls';
import { fakeHost } from './config/host.test.ts';
import { loadConfig } from './config/load-config.ts';
import { realWorld } from './real-world.ts';
import { exitTargetOf, openSender, type Sending } from './sending.ts';

function start(t: TestContext, endpoint: string) {
  const folder = mkdtempSync(join(tmpdir(), 'otel-setup-sending-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const authority = join(folder, 'ca.pem');
  const env = { ALLOY_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_CERTIFICATE: authority };
  const config = loadConfig({}, fakeHost(env));
  assert.ok(config.endpoint);
  let timeMs = 0;
  const real = realWorld();
  const world = { ...real, clock: { ...real.clock, monotonic: () => timeMs } };
  const told: string[] = [];
  const notice = ({ code }: { code: string }): void => void told.push(code);
  const options = { config, endpoint: config.endpoint, world };
  const sender = openSender({ ...options, notice });
  const authorities = (): readonly string[] | undefined => {
    timeMs += 60_000;
    return exitTargetOf(options as Sending, sender)?.ca;
  };
  const target = () => exitTargetOf(options as Sending, sender);
  return { authority, authorities, target, told };
}

test('the worker at the exit has the last good certificates, whatever lies on disk then', (t) => {
  const { authority, authorities, told } = start(t, 'https://alloy.lan:4318');
  const [pem = ''] = rootCertificates;
  writeFileSync(authority, pem);
  assert.equal(authorities()?.at(-1), pem);
  writeFileSync(authority, pem.slice(0, 200));
  assert.equal(authorities()?.at(-1), pem);
  assert.deepEqual(told, ['OTEL_SETUP_TLS_FILES']);
});

test('the worker at the exit is not begun where the certificates never were of use', (t) => {
  assert.equal(start(t, 'https://alloy.lan:4318').target(), undefined);
});

test('over plain http the worker at the exit needs no certificate file', (t) => {
  const target = start(t, 'http://alloy.lan:4318').target();
  assert.equal(target?.url, 'http://alloy.lan:4318/v1/logs');
});
