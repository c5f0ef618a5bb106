import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { bareEnvironment, temporaryFolder } from '../journeys/program.ts';
import { deployedAlloy } from './alloy.ts';
import { queries } from './loki.ts';
import { alloyProgram, answers, freePort, lokiProgram, missing, Program, run } from './programs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const textOf = (path: string) => readFileSync(join(root, 'deploy', path), 'utf8');

describe('the Alloy configurations inside the Helm values', { skip: missing('alloy') }, () => {
  for (const file of ['values-gateway.yaml', 'values-daemonset.yaml']) {
    it(`${file} is valid`, (t) => {
      const values = parse(textOf(`kubernetes/${file}`)) as {
        alloy: { configMap: { content: string }; stabilityLevel?: string };
      };
      const { configMap, stabilityLevel = 'generally-available' } = values.alloy;
      const path = join(temporaryFolder(t), 'config.alloy');
      writeFileSync(
        path,
        configMap.content.replaceAll('"/modules/', `"${root}deploy/alloy/modules/`),
      );
      const { status, stderr } = spawnSync(
        alloyProgram ?? '',
        ['validate', `--stability.level=${stabilityLevel}`, path],
        { encoding: 'utf8' },
      );
      assert.equal(status, 0, stderr);
    });
  }
});

/** The exit code of Alloy's health check in compose.yaml, at another port. */
function alloyHealth(port: string): number | null {
  const { services } = parse(textOf('compose/compose.yaml')) as {
    services: { alloy: { healthcheck: { test: [string, string, ...string[]] } } };
  };
  const [, program, ...settings] = services.alloy.healthcheck.test;
  const here = settings.map((setting) => setting.replace('/12345', `/${port}`));
  return spawnSync(program, here, { timeout: 5000 }).status;
}

describe('deploy/compose, its programs without their containers', {
  skip: missing('loki', 'alloy'),
}, () => {
  it("the demo's records are found by the page's query, by both routes", async (t) => {
    const folder = temporaryFolder(t);
    const [http, grpc] = [await freePort(), await freePort()];
    mkdirSync(join(folder, 'loki'));
    const configuration = join(folder, 'loki', 'loki.yaml');
    writeFileSync(
      configuration,
      textOf('compose/loki.yaml')
        .replace(
          'http_listen_port: 3100',
          `http_listen_address: 127.0.0.1\n  http_listen_port: ${http}`,
        )
        .replace(
          'grpc_listen_port: 9095',
          `grpc_listen_address: 127.0.0.1\n  grpc_listen_port: ${grpc}`,
        )
        .replaceAll('127.0.0.1:9095', `127.0.0.1:${grpc}`)
        .replaceAll(' /loki', ` ${folder}/loki`),
    );
    const lokiUrl = `http://127.0.0.1:${http}`;
    const loki = new Program(
      () => run(lokiProgram, [`-config.file=${configuration}`], join(folder, 'loki', 'log')),
      () => answers(`${lokiUrl}/ready`, (status) => status === 200),
    );
    await loki.start();
    t.after(() => loki.stop('SIGKILL'));
    const alloy = await deployedAlloy(join(folder, 'alloy'), 'small.alloy', {
      GRAFANA_CLOUD_OTLP_ENDPOINT: `${lokiUrl}/otlp`,
    });
    t.after(() => alloy.program.stop('SIGKILL'));
    assert.equal(alloyHealth(new URL(alloy.url).port), 0);
    const demo = join(root, 'packages/demo-app/dist/demo.js');
    for (const route of ['alloy', 'direct']) {
      const child = spawn(process.execPath, [demo, '--seconds', '60', '--rate', '10'], {
        env: {
          ...bareEnvironment(folder),
          LOG_ROUTE: route,
          ALLOY_OTLP_ENDPOINT: alloy.otlpUrl,
          OTEL_EXPORTER_OTLP_ENDPOINT: `${lokiUrl}/otlp`,
          OTEL_SERVICE_NAME: `shop-${route}`,
        },
        stdio: 'ignore',
      });
      t.after(() => child.kill('SIGKILL'));
      const closed = once(child, 'close');
      const rows = await queries(lokiUrl).waitFor(`{service_name="shop-${route}"}`, 10);
      child.kill('SIGINT');
      const [code] = await closed;
      assert.equal(code, 0);
      assert.ok(rows.length >= 10, `${route}: ${rows.length} rows`);
    }
  });
});
