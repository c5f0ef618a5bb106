import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startInbox } from 'otlp-inbox';
import { bareEnvironment, runProgram, temporaryFolder } from './program.ts';

describe('LOG_ROUTE', () => {
  it('alone decides where records go, and the credentials of one route never travel on the other', async (t) => {
    const cloud = await startInbox({
      port: 0,
      auth: { username: '123456', password: 'glc_direct' },
    });
    const alloy = await startInbox({ port: 0 });
    t.after(() => Promise.all([cloud.close(), alloy.close()]));
    const env = {
      ...bareEnvironment(temporaryFolder(t)),
      GRAFANA_CLOUD_OTLP_ENDPOINT: `${cloud.url}/otlp`,
      GRAFANA_CLOUD_INSTANCE_ID: '123456',
      GRAFANA_CLOUD_API_KEY: 'glc_direct',
      ALLOY_OTLP_ENDPOINT: alloy.url,
      ALLOY_OTLP_HEADERS: 'x-alloy-key=of-alloy',
      LOG_CONSOLE: 'off',
    };
    for (const route of ['direct', 'alloy']) {
      const ended = await runProgram(t, 'every-field.ts', {
        env: { ...env, LOG_ROUTE: route },
        args: [route],
      });
      assert.equal(ended.code, 0, ended.stderr);
    }
    assert.deepEqual([cloud.records.length, alloy.records.length], [16, 16]);
    const sent = (inbox: typeof cloud) =>
      JSON.stringify(inbox.requests.map(({ headers }) => headers));
    const basic = Buffer.from('123456:glc_direct').toString('base64');
    assert.ok(sent(cloud).includes(basic) && !sent(cloud).includes('of-alloy'));
    assert.ok(sent(alloy).includes('of-alloy') && !sent(alloy).includes(basic));

    const fields = (inbox: typeof cloud) =>
      inbox.records.map(({ line, level, scope, record }) => {
        const { run: _run, ...attributes } = record.attributes;
        const { severityNumber, severityText, traceId, spanId, eventName } = record;
        // The stack names the same lines; nothing else may differ but time and run.
        return {
          line,
          level,
          scope,
          attributes,
          severityNumber,
          severityText,
          traceId,
          spanId,
          eventName,
        };
      });
    assert.deepEqual(fields(cloud), fields(alloy));
  });

  it('none leaves a console logger without file, socket, timer or listener', async (t) => {
    for (const off of [
      { LOG_ROUTE: 'none' },
      { OTEL_LOGS_EXPORTER: 'none' },
      { OTEL_SDK_DISABLED: 'true' },
    ]) {
      const env = {
        ...bareEnvironment(temporaryFolder(t)),
        ALLOY_OTLP_ENDPOINT: 'http://127.0.0.1:9',
        ...off,
      };
      const ended = await runProgram(t, 'footprint.ts', { env: env as Record<string, string> });
      assert.equal(ended.code, 0, ended.stderr);
      const [line, footprint] = ended.stdout.trim().split('\n');
      assert.equal((JSON.parse(line ?? '{}') as { message: string }).message, 'hello');
      assert.deepEqual(JSON.parse(footprint ?? '{}'), {
        resources: [],
        listeners: [],
        spool: false,
      });
    }
  });
});
