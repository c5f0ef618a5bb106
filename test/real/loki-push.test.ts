// Services that speak Loki's push format, pointed by LOKI_URL at the Alloy of deploy/alloy, beside a Node service of ours;
// and that Alloy under fleet management.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { bareEnvironment, programPath, runProgram, temporaryFolder } from '../journeys/program.ts';
import { deployedAlloy } from './alloy.ts';
import { type FleetServer, startFleetServer } from './fleet-server.ts';
import { type Loki, startLoki } from './loki.ts';
import { freePort, missing } from './programs.ts';
import { pythonLoki } from './python-loki.ts';

describe('small.alloy', { skip: missing('loki', 'alloy') }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'otel-setup-test-'));
  let loki: Loki;
  let fleet: FleetServer;
  let fleetPort: number;
  let alloy: Awaited<ReturnType<typeof deployedAlloy>>;

  before(async () => {
    loki = await startLoki(join(folder, 'loki'));
    fleetPort = await freePort();
    fleet = await startFleetServer(`loki.source.api "remote" {
  http {
    listen_address = "127.0.0.1"
    listen_port    = ${fleetPort}
  }
  grpc {
    listen_address = "127.0.0.1"
    listen_port    = ${await freePort()}
  }
  forward_to = [loki.write.remote.receiver]
}
loki.write "remote" {
  endpoint {
    url = "${loki.url}/loki/api/v1/push"
  }
}
`);
    alloy = await deployedAlloy(join(folder, 'alloy'), 'small.alloy', {
      GRAFANA_CLOUD_OTLP_ENDPOINT: `${loki.url}/otlp`,
      DEPLOYMENT_ENVIRONMENT: 'staging',
      GCLOUD_FM_URL: fleet.url,
      GCLOUD_FM_HOSTED_ID: '123',
      GCLOUD_RW_API_KEY: 'glc_test',
      GCLOUD_FM_COLLECTOR_ID: 'machine-7',
    });
  });
  after(async () => {
    await alloy?.program.stop();
    await loki?.program.stop();
    fleet?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('takes a Python service with python-logging-loki beside a Node service', async (t) => {
    const python = pythonLoki(temporaryFolder(t));
    if (typeof python === 'string') return t.skip(`needs python-logging-loki: ${python}`);
    const program = programPath('python_service.py');
    const env = { ...python, HOME: folder, LOKI_URL: alloy.pushUrl, LOKI_AUTH: 'any:password' };
    const ended = spawnSync('python3', [program], { env, encoding: 'utf8' });
    assert.equal(ended.status, 0, ended.stderr);
    // The library prints what a server refuses, and goes on.
    assert.equal(ended.stderr, '');
    const node = await runProgram(t, 'speak.ts', {
      env: {
        ...bareEnvironment(temporaryFolder(t)),
        LOG_CONSOLE: 'off',
        LOG_ROUTE: 'alloy',
        OTEL_SERVICE_NAME: 'nodeshop',
        ALLOY_OTLP_ENDPOINT: alloy.otlpUrl,
      },
    });
    assert.equal(node.code, 0, node.stderr);
    const both = '{service_name=~"pyshop|nodeshop", deployment_environment_name="staging"}';
    const rows = await loki.waitFor(both, 5, 40_000);
    assert.deepEqual(rows.map(({ line }) => line).sort(), [
      'no connection with [redacted]',
      'one',
      'order placed',
      'three',
      'two',
    ]);
    const errors = await loki.query(`${both} | detected_level="error"`);
    assert.deepEqual(errors.map(({ fields }) => fields.service_name).sort(), [
      'nodeshop',
      'pyshop',
    ]);
    const placed = await loki.query('{service_name="pyshop"} | user="42" | logger="app.db"');
    assert.deepEqual(
      placed.map(({ line }) => line),
      ['order placed'],
    );
  });

  it('takes a service with winston-loki', async (t) => {
    const env = { ...bareEnvironment(temporaryFolder(t)), LOKI_URL: alloy.pushUrl };
    const ended = await runProgram(t, 'winston-loki.cjs', { env });
    assert.equal(ended.code, 0, ended.stderr);
    const rows = await loki.waitFor('{service_name="legacy"}', 2, 40_000);
    // Both may bear the same millisecond.
    const levels = rows.map(({ line, fields }) => [/^\w+/.exec(line)?.[0], fields.detected_level]);
    assert.deepEqual(levels.sort(), [
      ['failed', 'error'],
      ['hello', 'info'],
    ]);
  });

  it('asks fleet management, and runs what it is given beside its own', async () => {
    const response = await fetch(`http://127.0.0.1:${fleetPort}/loki/api/v1/push`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        streams: [
          {
            stream: { service_name: 'given' },
            values: [[`${BigInt(Date.now()) * 1_000_000n}`, 'by remote configuration']],
          },
        ],
      }),
    });
    assert.equal(response.status, 204);
    const rows = await loki.waitFor('{service_name="given"}', 1);
    assert.deepEqual(
      rows.map(({ line }) => line),
      ['by remote configuration'],
    );
    const [call] = fleet.calls;
    assert.equal(call?.authorization, `Basic ${Buffer.from('123:glc_test').toString('base64')}`);
    assert.match(call?.body ?? '', /machine-7/);
    assert.match(call?.body ?? '', /environment[^\w]+staging/);
  });

  it('is not needed where LOKI_URL and LOKI_AUTH lead init() to the OTLP endpoint of Loki', async (t) => {
    const env = {
      ...bareEnvironment(temporaryFolder(t)),
      LOG_CONSOLE: 'off',
      OTEL_SERVICE_NAME: 'migrated',
      LOKI_URL: `${loki.url}/loki/api/v1/push`,
      LOKI_AUTH: 'any:password',
    };
    const ended = await runProgram(t, 'speak.ts', { env, args: ['10000'] });
    const { route, pending } = JSON.parse(ended.stdout);
    assert.deepEqual([route, pending], ['direct', 0], ended.stderr);
    assert.equal(ended.stderr.match(/OTEL_SETUP_LOKI_MIGRATION/g)?.length, 1, ended.stderr);
    const rows = await loki.waitFor('{service_name="migrated"}', 3);
    assert.deepEqual(
      rows.map(({ line }) => line),
      ['one', 'two', 'three'],
    );
  });
});

it('LOKI_URL of a Loki without OTLP has the two variables to paste named', async (t) => {
  const old = createServer((_request, response) => response.writeHead(404).end('not found'));
  await new Promise<void>((resolve) => old.listen(0, '127.0.0.1', () => resolve()));
  t.after(() => old.close());
  const { port } = old.address() as AddressInfo;
  const env = { ...bareEnvironment(temporaryFolder(t)), LOKI_URL: `http://127.0.0.1:${port}` };
  const ended = await runProgram(t, 'speak.ts', { env: { ...env, LOG_CONSOLE: 'off' } });
  assert.match(
    ended.stderr,
    /OTEL_EXPORTER_OTLP_LOGS_ENDPOINT=http:.*OTEL_EXPORTER_OTLP_LOGS_HEADERS=.*OTEL_SETUP_NOT_FOUND/,
  );
});
