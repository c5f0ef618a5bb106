// The doctor beside the real Loki and Alloy: what it says of them when they are well, and when they are not.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { type Diagnosis, type Found, Scene } from '../doctor/scene.ts';
import { type Alloy, plainAlloy, receiver, startAlloy } from './alloy.ts';
import { type Loki, startLoki } from './loki.ts';
import { missing } from './programs.ts';

interface Both {
  readonly scene: Scene;
  readonly loki: Loki;
  readonly alloy: Alloy;
}

/** An Alloy before a Loki of which the tests ask one thing after the other. */
async function start(t: TestContext): Promise<Both> {
  const scene = new Scene(t);
  const loki = await startLoki(join(scene.folder, 'loki'));
  t.after(() => loki.program.stop('SIGKILL'));
  const alloy = await startAlloy(join(scene.folder, 'alloy'), plainAlloy(loki.url));
  t.after(() => alloy.program.stop('SIGKILL'));
  return { scene, loki, alloy };
}

function find({ report }: Diagnosis, check: string): Found {
  const found = report.findings.find((finding) => finding.check === check);
  assert.ok(found, `${check} is missing: ${JSON.stringify(report.findings, null, 1)}`);
  return found;
}

/** OTLP in, Loki's own push protocol out. */
function pushingAlloy(pushUrl: string): (otlpPort: number) => string {
  return (otlpPort) => `
${receiver(otlpPort, 'logs', 'otelcol.exporter.loki.default')}

otelcol.exporter.loki "default" {
  forward_to = [loki.write.default.receiver]
}

loki.write "default" {
  endpoint {
    url = "${pushUrl}"
  }
}
`;
}

const direct = (url: string) => ({
  OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${url}/otlp/v1/logs`,
  LOG_ROUTE: 'direct',
});

describe('the doctor, with the real Loki and Alloy', { skip: missing('loki', 'alloy') }, () => {
  it('is right about both routes, while they work and when what is behind them does not', async (t) => {
    const { alloy, loki, scene } = await start(t);
    const byAlloy = { ALLOY_OTLP_ENDPOINT: alloy.otlpUrl };
    const pages = ['--alloy', alloy.url];

    await t.test('a Loki that works shows the record again', async () => {
      const diagnosis = await scene.doctor(direct(loki.url));
      assert.equal(diagnosis.code, 0, diagnosis.stdout);
      assert.match(find(diagnosis, 'record').message, /HTTP 204/);
      const { message, state } = find(diagnosis, 'read-back');
      assert.equal(state, 'good');
      const query = message.slice(message.indexOf('{'));
      const [row, ...more] = await loki.waitFor(query, 1);
      assert.deepEqual(more, []);
      assert.equal(row?.line, 'otel-setup doctor: a test record');
      const labels = find(diagnosis, 'labels').message;
      assert.ok(labels.includes(`service_instance_id="${row?.fields.service_instance_id}"`));
    });

    await t.test('an Alloy that works is ready, and has sent the record on', async () => {
      const env = { ...byAlloy, GRAFANA_CLOUD_LOKI_URL: loki.url };
      const diagnosis = await scene.doctor(env, [...pages, '--timeout', '10']);
      assert.equal(diagnosis.code, 0, diagnosis.stdout);
      for (const check of ['alloy', 'record', 'behind-alloy', 'read-back']) {
        assert.equal(find(diagnosis, check).state, 'good', check);
      }
    });

    await t.test('a Loki that is killed is one that refuses connections', async () => {
      await loki.program.stop('SIGKILL');
      const diagnosis = await scene.doctor(direct(loki.url));
      assert.equal(diagnosis.code, 1);
      assert.equal(find(diagnosis, 'tcp').code, 'OTEL_SETUP_UNREACHABLE');
    });

    await t.test('an Alloy before a killed Loki takes the record and keeps it', async () => {
      const diagnosis = await scene.doctor(byAlloy, [...pages, '--timeout', '3']);
      assert.equal(diagnosis.code, 1);
      assert.equal(find(diagnosis, 'record').state, 'good');
      const { code, message } = find(diagnosis, 'behind-alloy');
      assert.equal(code, 'OTEL_SETUP_ALLOY_EXPORTER');
      assert.match(message, /wait in its queue|refused it|has not got rid of it/);
    });

    await t.test('an Alloy that is killed is asked whether it runs', async () => {
      await alloy.program.stop('SIGKILL');
      const { code, fix } = find(await scene.doctor(byAlloy, pages), 'tcp');
      assert.equal(code, 'OTEL_SETUP_UNREACHABLE');
      assert.match(fix ?? '', /Is Alloy running/);
    });
  });

  it('tells an Alloy whose exporter is refused from one that is fine', async (t) => {
    const scene = new Scene(t);
    // The path is one that Loki does not have: 404, which Alloy drops at once.
    const loki = await startLoki(join(scene.folder, 'loki'));
    t.after(() => loki.program.stop('SIGKILL'));
    const alloy = await startAlloy(join(scene.folder, 'alloy'), plainAlloy(`${loki.url}/nowhere`));
    t.after(() => alloy.program.stop('SIGKILL'));
    const env = { ALLOY_OTLP_ENDPOINT: alloy.otlpUrl };
    const diagnosis = await scene.doctor(env, ['--alloy', alloy.url, '--timeout', '10']);
    assert.equal(diagnosis.code, 1, diagnosis.stdout);
    assert.match(find(diagnosis, 'record').message, /handed to Alloy/);
    const { code, fix, message } = find(diagnosis, 'behind-alloy');
    assert.equal(code, 'OTEL_SETUP_ALLOY_EXPORTER');
    assert.match(message, /what is behind it refused it \(Unimplemented at 127\.0\.0\.1:\d+\)/);
    assert.match(fix ?? '', /Exporting failed/);

    await t.test('a path that Loki does not have is named', async () => {
      const found = find(
        await scene.doctor({
          ...direct(loki.url),
          OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${loki.url}/nowhere/v1/logs`,
        }),
        'endpoint',
      );
      assert.equal(found.code, 'OTEL_SETUP_NOT_FOUND');
    });
  });

  it('understands an Alloy that pushes by loki.write, and its reasons', async (t) => {
    const scene = new Scene(t);
    const loki = await startLoki(join(scene.folder, 'loki'));
    t.after(() => loki.program.stop('SIGKILL'));
    const env = {
      GRAFANA_CLOUD_LOKI_URL: loki.url,
      OTEL_RESOURCE_ATTRIBUTES: 'service.namespace=shop',
    };
    const doctor = async (path: string) => {
      const folder = join(scene.folder, path.replaceAll('/', '-'));
      const alloy = await startAlloy(folder, pushingAlloy(`${loki.url}/${path}`));
      t.after(() => alloy.program.stop('SIGKILL'));
      const given = { ...env, ALLOY_OTLP_ENDPOINT: alloy.otlpUrl };
      return await scene.doctor(given, ['--alloy', alloy.url, '--timeout', '10']);
    };
    const working = await doctor('loki/api/v1/push');
    assert.equal(working.code, 0, working.stdout);
    assert.equal(find(working, 'behind-alloy').state, 'good');
    const readBack = find(working, 'read-back');
    assert.equal(readBack.state, 'good', readBack.message);
    assert.match(readBack.message, /\{service_name=~"\(\.\+\/\)\?patient"\} \|= "/);

    const refused = find(await doctor('nowhere'), 'behind-alloy');
    assert.equal(refused.state, 'wrong');
    assert.match(refused.message, /refused it \(ingester_error at 127\.0\.0\.1:\d+\)/);
  });

  it('names the tenant that is missing, and the limits of a Loki', async (t) => {
    const scene = new Scene(t);
    // The instance id has 36.
    const limits = '  max_label_value_length: 20\n';
    const loki = await startLoki(join(scene.folder, 'loki'), limits, { tenants: true });
    t.after(() => loki.program.stop('SIGKILL'));
    const withoutTenant = find(await scene.doctor(direct(loki.url)), 'authentication');
    assert.equal(withoutTenant.code, 'OTEL_SETUP_TENANT');
    assert.match(withoutTenant.message, /no org id/);

    const env = { ...direct(loki.url), OTEL_EXPORTER_OTLP_LOGS_HEADERS: 'X-Scope-OrgID=one' };
    const long = find(await scene.doctor(env), 'record');
    assert.equal(long.code, 'OTEL_SETUP_REJECTED_LABELS');
    assert.match(long.message, /label value too long/);
    assert.deepEqual(long.paste, [
      "OTEL_RESOURCE_ATTRIBUTES='service.instance.id=<shorter value>'",
    ]);
  });
});
