// The configurations of deploy/alloy in the real Alloy: what they receive is found in the real Loki.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bareEnvironment, runProgram, temporaryFolder } from '../journeys/program.ts';
import { deployedAlloy } from './alloy.ts';
import { type Loki, startLoki } from './loki.ts';
import { alloyProgram, missing } from './programs.ts';

const deployed = fileURLToPath(new URL('../../deploy/alloy/', import.meta.url));
const preview = '--stability.level=public-preview';

describe('the files of deploy/alloy', { skip: missing('alloy') }, () => {
  const files = ['.', 'modules', 'sources'].flatMap((folder) =>
    readdirSync(join(deployed, folder))
      .filter((name) => name.endsWith('.alloy'))
      .map((name) => join(folder, name)),
  );
  for (const file of files) {
    it(`${file} is valid and formatted`, () => {
      const path = join(deployed, file);
      const program = alloyProgram ?? '';
      execFileSync(program, ['fmt', '--test', path], { stdio: 'pipe' });
      if (!file.includes('/')) {
        execFileSync(program, ['validate', preview, path], { stdio: 'pipe' });
      }
    });
  }

  it('sources are valid beside small.alloy, as its README puts them there', (t) => {
    const folder = temporaryFolder(t);
    cpSync(join(deployed, 'small.alloy'), join(folder, 'small.alloy'));
    cpSync(join(deployed, 'modules'), join(folder, 'modules'), { recursive: true });
    cpSync(join(deployed, 'sources'), folder, { recursive: true });
    execFileSync(alloyProgram ?? '', ['validate', preview, folder], { stdio: 'pipe' });
  });
});

describe('small.alloy', { skip: missing('loki', 'alloy') }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'otel-setup-test-'));
  const logs = join(folder, 'alloy', 'logs');
  let loki: Loki;
  let alloy: Awaited<ReturnType<typeof deployedAlloy>>;

  before(async () => {
    mkdirSync(logs, { recursive: true });
    loki = await startLoki(join(folder, 'loki'));
    alloy = await deployedAlloy(join(folder, 'alloy'), 'small.alloy', {
      GRAFANA_CLOUD_OTLP_ENDPOINT: `${loki.url}/otlp`,
      DEPLOYMENT_ENVIRONMENT: 'staging',
    });
  });
  after(async () => {
    await alloy?.program.stop();
    await loki?.program.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('and gateway.alloy give a Node service the labels and fields of the direct route', async (t) => {
    const gateway = await deployedAlloy(join(folder, 'gateway'), 'gateway.alloy', {
      GRAFANA_CLOUD_OTLP_ENDPOINT: `${loki.url}/otlp`,
    });
    t.after(() => gateway.program.stop());
    const fields: Record<string, Record<string, string>[]> = {};
    for (const way of ['direct', 'small', 'gateway']) {
      const env = {
        ...bareEnvironment(temporaryFolder(t)),
        LOG_CONSOLE: 'off',
        LOG_ROUTE: way === 'direct' ? 'direct' : 'alloy',
        OTEL_SERVICE_NAME: `shop-${way}`,
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=staging,service.instance.id=one',
        OTEL_EXPORTER_OTLP_ENDPOINT: `${loki.url}/otlp`,
        ALLOY_OTLP_ENDPOINT: (way === 'gateway' ? gateway : alloy).otlpUrl,
      };
      const ended = await runProgram(t, 'every-field.ts', { env, args: ['r1'] });
      assert.equal(ended.code, 0, ended.stderr);
      const selector = `{service_name="shop-${way}", deployment_environment_name="staging"}`;
      const rows = await loki.waitFor(selector, 16, 40_000);
      assert.equal(rows.length, 16);
      // What differs between two runs by nature.
      const own = ['observed_timestamp', 'service_name', 'exception_stacktrace'];
      fields[way] = rows.map(({ line, fields: all }) => ({
        line,
        ...Object.fromEntries(Object.entries(all).filter(([name]) => !own.includes(name))),
      }));
    }
    assert.deepEqual(fields.small, fields.direct);
    assert.deepEqual(fields.gateway, fields.direct);
  });

  it('redacts, and takes what speaks the push format of Loki beside it', async () => {
    const stream = { application: 'pyshop', severity: 'error', logger: 'app.db' };
    const line = 'login with glc_eyJvIjoiMTIzIiwibiI6InRlc3QifQ==';
    const response = await fetch(alloy.pushUrl, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        streams: [{ stream, values: [[`${BigInt(Date.now()) * 1_000_000n}`, line]] }],
      }),
    });
    assert.equal(response.status, 204);
    const [row] = await loki.waitFor('{service_name="pyshop"}', 1, 40_000);
    assert.equal(row?.line, 'login with [redacted]');
    assert.equal(row?.fields.detected_level, 'error');
    assert.equal(row?.fields.logger, 'app.db');
    assert.equal(row?.fields.deployment_environment_name, 'staging');
  });

  it('finds a log file that appears while it runs', async () => {
    appendFileSync(join(logs, 'nightly.log'), 'first line\nsecond line\n');
    const rows = await loki.waitFor('{service_name="nightly"}', 2, 40_000);
    assert.deepEqual(rows.map(({ line }) => line).sort(), ['first line', 'second line']);
  });

  it('sends its own log lines', async () => {
    const rows = await loki.waitFor('{service_name="alloy"}', 1, 40_000);
    assert.ok(rows.length > 0);
  });
});
