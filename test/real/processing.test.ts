import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bareEnvironment, runProgram, temporaryFolder } from '../journeys/program.ts';
import { runAlloy } from './alloy.ts';
import { type LokiRow, startLoki } from './loki.ts';
import { freePort, missing } from './programs.ts';

const command = fileURLToPath(
  new URL('../../packages/otel-setup/dist/cjs/cli/main.js', import.meta.url),
);

/** What `otel-setup alloy` prints for the rules, in a file. */
function printed(folder: string, rules: readonly unknown[]): { rules: string; alloy: string } {
  const paths = { rules: join(folder, 'rules.json'), alloy: join(folder, 'config.alloy') };
  writeFileSync(paths.rules, JSON.stringify({ rules }));
  const args = [command, 'alloy', '--processing', paths.rules];
  writeFileSync(
    paths.alloy,
    execFileSync(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  return paths;
}

async function startPrinted(t: TestContext, folder: string, file: string, lokiUrl: string) {
  const [http, grpc] = [await freePort(), await freePort()];
  const env = {
    GRAFANA_CLOUD_OTLP_ENDPOINT: `${lokiUrl}/otlp`,
    ALLOY_QUEUE_DIR: join(folder, 'queue'),
    ALLOY_OTLP_HTTP: `127.0.0.1:${http}`,
    ALLOY_OTLP_GRPC: `127.0.0.1:${grpc}`,
  };
  const flags = ['--stability.level=public-preview'];
  const { program } = await runAlloy(join(folder, 'alloy'), file, env, flags);
  t.after(() => program.stop('SIGKILL'));
  return `http://127.0.0.1:${http}`;
}

/** A row without what two services cannot share. */
function comparable({ time, line, fields }: LokiRow): string {
  const shared = Object.entries(fields).filter(
    ([name]) => !/^(service_(name|instance_id)|observed_timestamp)$/.test(name),
  );
  return `${time} ${line} ${JSON.stringify(shared.sort(([a], [b]) => (a < b ? -1 : 1)))}`;
}

describe('the printed configuration', { skip: missing('loki', 'alloy') }, () => {
  it('makes of the same records in Alloy what the rules make of them in the process', async (t) => {
    const folder = temporaryFolder(t);
    const loki = await startLoki(join(folder, 'loki'));
    t.after(() => loki.program.stop('SIGKILL'));
    const { alloy, rules } = printed(folder, [
      {
        drop: {
          level: { below: 'warn' },
          attributes: { 'req.url': { matches: '^/(health|ready)$' } },
        },
      },
      { drop: { level: 'debug' }, unless: { attributes: { audit: true } } },
      { drop: { eventName: 'heartbeat', body: { matches: '(?i)^TICK' } } },
      { sample: { rate: 0.4 }, when: { attributes: { kind: 'page' } } },
      { sample: { rate: 0.9 } },
      { rename: { user: 'customer', 'req.ip': 'clientAddress' } },
      { add: { team: 'shop', weight: 1.5 }, when: { attributes: { kind: 'api' } } },
      { remove: ['odd "name" \\ `$x`', 'req.headers'], unless: { level: 'warn' } },
    ]);
    const otlpUrl = await startPrinted(t, folder, alloy, loki.url);
    const base = String(Date.now() - 10_000);
    const runs = [
      {
        name: 'by-process',
        LOG_ROUTE: 'direct',
        OTEL_EXPORTER_OTLP_ENDPOINT: `${loki.url}/otlp`,
        LOG_PROCESSING: rules,
      },
      { name: 'by-alloy', LOG_ROUTE: 'alloy', ALLOY_OTLP_ENDPOINT: otlpUrl },
    ];
    for (const { name, ...more } of runs) {
      const env = {
        ...bareEnvironment(folder),
        ...more,
        OTEL_SERVICE_NAME: name,
        LOG_CONSOLE: 'off',
      };
      const ended = await runProgram(t, 'processed.ts', { env, args: [base] });
      assert.equal(ended.code, 0, ended.stderr);
    }
    const inProcess = await loki.waitFor('{service_name="by-process"}', 50);
    assert.ok(inProcess.length > 50 && inProcess.length < 200, `${inProcess.length} are left`);
    const inAlloy = await loki.waitFor('{service_name="by-alloy"}', inProcess.length);
    assert.deepEqual(inAlloy.map(comparable), inProcess.map(comparable));
  });

  it('runs whatever the names and texts of the rules are', async (t) => {
    const folder = temporaryFolder(t);
    const names = [
      'quo"te',
      "apo'strophe",
      'back\\slash',
      '`tick`',
      '$1 $(x) $$',
      'new\nline',
      '✓ ü 😀',
      'a.b.c',
      '..',
      '%s',
      '*/ //',
      '{{x}}',
    ];
    const { alloy } = printed(
      folder,
      names.flatMap((name) => [
        {
          drop: {
            attributes: { [name]: name, [`m${name}`]: { matches: `\\Q${name}\\E|[$\`"]` } },
            body: name,
          },
        },
        {
          sample: { rate: 0.123456 },
          when: { attributes: { [name]: { exists: false } } },
          unless: { eventName: name },
        },
        { rename: { [name]: `new ${name}` }, when: { attributes: { [name]: 1e21 } } },
        { add: { [`added ${name}`]: name }, unless: { attributes: { [name]: -0.5 } } },
        { remove: [name] },
        { name: name.replace('\n', ' '), limit: { perSecond: 1 } },
      ]),
    );
    // Alloy reads OTTL when it starts; `alloy validate` does not.
    await startPrinted(t, folder, alloy, 'http://127.0.0.1:9');
  });
});
