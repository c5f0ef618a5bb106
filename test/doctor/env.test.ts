// `otel-setup env`: what it prints can be filled in, and is read without a complaint.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parseEnv } from 'node:util';
import { Scene } from './scene.ts';

const values: Readonly<Record<string, string>> = {
  GRAFANA_CLOUD_INSTANCE_ID: '424242',
  GRAFANA_CLOUD_API_KEY: 'glc_x',
};

for (const route of ['direct', 'alloy'] as const) {
  it(`the file of the route ${route} has what it needs, and each line is explained`, async (t) => {
    const scene = new Scene(t);
    const { code, stdout } = await scene.command({}, ['env', '--route', route]);
    assert.equal(code, 0);
    const inbox = await scene.inbox();
    const needed = parseEnv(stdout) as Record<string, string>;
    assert.equal(needed.LOG_ROUTE, route);
    const endpoint = route === 'direct' ? 'GRAFANA_CLOUD_OTLP_ENDPOINT' : 'ALLOY_OTLP_ENDPOINT';
    const filled = { ...needed, [endpoint]: inbox.url };
    for (const name of Object.keys(values)) {
      if (name in filled) filled[name] = values[name] ?? '';
    }
    const diagnosis = await scene.doctor({ ...filled, OTEL_EXPORTER_OTLP_TIMEOUT: '2000' });
    assert.equal(diagnosis.code, 0, diagnosis.stdout);
    assert.match(
      stdout,
      /^#GRAFANA_CLOUD_LOKI_URL=.*\n#GRAFANA_CLOUD_LOKI_USER=.*\n#GRAFANA_CLOUD_READ_TOKEN=/m,
    );
    const lines = stdout.split('\n');
    for (const [at, line] of lines.entries()) {
      if (/^#?[A-Z_]+=/.test(line)) assert.match(lines[at - 1] ?? '', /^# |^#?[A-Z_]+=/, line);
      assert.ok(line.length <= 100, line);
    }
  });
}

it('what is appended leaves a last line without an end as it was', async (t) => {
  const { stdout } = await new Scene(t).command({}, ['env']);
  assert.equal(`DB_URL=postgres://db/shop${stdout}`.split('\n')[0], 'DB_URL=postgres://db/shop');
});

it('what has a default can be taken as it stands', async (t) => {
  const scene = new Scene(t);
  const { stdout } = await scene.command({}, ['env', '--route', 'alloy']);
  const commented = parseEnv(stdout.replaceAll(/^#(?=[A-Z])/gm, '')) as Record<string, string>;
  const real = Object.entries(commented).filter(([, value]) => !value.includes('<'));
  assert.ok(real.length > 10);
  const inbox = await scene.inbox();
  const env = Object.fromEntries(
    real.filter(([name]) => !/^OTEL_EXPORTER_OTLP_.*ENDPOINT/.test(name)),
  );
  const { report } = await scene.doctor({ ...env, ALLOY_OTLP_ENDPOINT: inbox.url });
  const problems = report.findings.filter(({ code }) => code === 'OTEL_SETUP_CONFIG');
  assert.deepEqual(problems, []);
});

it('the route that is set is the one that is printed, else direct', async (t) => {
  const scene = new Scene(t);
  const printed = async (env: Record<string, string>) =>
    (await scene.command(env, ['env'])).stdout.split('\n')[1];
  assert.match((await printed({})) ?? '', /route direct/);
  assert.match((await printed({ LOG_ROUTE: 'alloy' })) ?? '', /route alloy/);
});

it('a route that is none exits with 2', async (t) => {
  const { code, stderr } = await new Scene(t).command({}, ['env', '--route', 'none']);
  assert.equal(code, 2);
  assert.match(stderr, /--route is "direct" or "alloy"/);
});
