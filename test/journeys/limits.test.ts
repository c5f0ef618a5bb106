import assert from 'node:assert/strict';
import { it } from 'node:test';
import { startInbox } from 'otlp-inbox';
import { bareEnvironment, runProgram, temporaryFolder } from './program.ts';

it('records at, below and above each of Loki\u2019s limits are stored, marked, and told once of each kind', async (t) => {
  const inbox = await startInbox({ port: 0, maxBytes: 256 * 1024 * 1024, strict: true });
  t.after(() => inbox.close());
  const env = {
    ...bareEnvironment(temporaryFolder(t)),
    LOG_ROUTE: 'direct',
    OTEL_EXPORTER_OTLP_ENDPOINT: `${inbox.url}/otlp`,
    OTEL_RESOURCE_ATTRIBUTES: 'service.version=1',
    OTEL_SERVICE_NAME: 'limits',
    LOG_CONSOLE: 'off',
  };
  const ended = await runProgram(t, 'limits.ts', { env });
  assert.equal(ended.code, 0, ended.stderr);
  const { names, stats } = JSON.parse(ended.stdout);
  const total = names.length;
  assert.deepEqual([stats.accepted, stats.delivered, stats.dropped], [total, total, {}]);
  assert.deepEqual([...new Set(inbox.requests.map(({ status }) => status))], [204]);

  const records = new Map(inbox.records.map((one) => [Number(one.record.attributes.id), one]));
  assert.equal(records.size, total);
  const metadata = (name: string): Readonly<Record<string, string>> =>
    records.get(names.indexOf(name))?.metadata ?? {};
  const has = (name: string, fields: Record<string, string | undefined>) => {
    const found = Object.fromEntries(Object.keys(fields).map((key) => [key, metadata(name)[key]]));
    assert.deepEqual(found, fields, name);
  };
  const whole = { otel_setup_truncated: undefined, otel_setup_renamed: undefined };
  has('line 0', whole);
  has('line 1', { otel_setup_truncated: 'body' });
  has('one attribute of 62500', whole);
  has('one attribute of 63500', { otel_setup_truncated: 'big' });
  has('110 attributes', { ...whole, dropped_attributes_count: undefined });
  has('112 attributes', { ...whole, dropped_attributes_count: '1' });
  has('112 leaves', { otel_setup_truncated: 'map' });
  has('an error behind 130 attributes', {
    exception_type: 'Error',
    exception_message: 'boom',
    dropped_attributes_count: '23',
  });
  has('names that meet', { a_b: '1', a_b_2: '2', a_b_3: '3', a_b_4: '4', A_B: '5' });
  has('names of the record', {
    meta_trace_id: 'a',
    trace_id: undefined,
    service_version: '1',
    detected_level: 'info',
  });
  has('long fields', { otel_setup_truncated: 'event_name, severity_text' });
  has('a label of 2048 bytes', { otel_setup_resource_changed: undefined });
  has('a label of 2049 bytes', { otel_setup_resource_changed: 'k8s.pod.name' });
  has('17 labels', { meta_k8s_replicaset_name: 'v', meta_deployment_environment: 'v' });
  has('a record that meets its resource', {
    team: 'a',
    team_2: 'b',
    otel_setup_renamed: 'team -> team_2',
  });

  for (const code of ['RECORD_CUT', 'ATTRIBUTES_DROPPED', 'ATTRIBUTE_RENAMED', 'SCOPE_CHANGED']) {
    assert.equal(ended.stderr.split(`(OTEL_SETUP_${code})`).length, 2, code);
  }
  assert.equal(ended.stderr.split('(OTEL_SETUP_RESOURCE_CHANGED)').length, 2);
});
