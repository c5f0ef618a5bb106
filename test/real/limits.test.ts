// The real Grafana Loki's limits, at, just below and just above each: nothing is refused, and what was changed is marked.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import { bareEnvironment, runProgram, temporaryFolder } from '../journeys/program.ts';
import { startLoki } from './loki.ts';
import { missing } from './programs.ts';

it('the real Loki refuses no record at any of its limits, and shows the marks', {
  skip: missing('loki'),
}, async (t) => {
  const folder = temporaryFolder(t);
  const loki = await startLoki(join(folder, 'loki'));
  t.after(() => loki.program.stop());
  const env = {
    ...bareEnvironment(folder),
    LOG_ROUTE: 'direct',
    OTEL_EXPORTER_OTLP_ENDPOINT: `${loki.url}/otlp`,
    OTEL_RESOURCE_ATTRIBUTES: 'service.version=1',
    OTEL_SERVICE_NAME: 'limits',
    LOG_CONSOLE: 'off',
  };
  const ended = await runProgram(t, 'limits.ts', { env });
  assert.equal(ended.code, 0, ended.stderr);
  const { names, stats } = JSON.parse(ended.stdout) as {
    names: string[];
    stats: { accepted: number; delivered: number; dropped: object };
  };
  const total = names.length;
  assert.deepEqual([stats.accepted, stats.delivered, stats.dropped], [total, total, {}]);

  const all = '{service_name=~"limits|foreign"}';
  const query = `sum(count_over_time(${all} [1h]))`;
  assert.equal(await loki.waitForCount(query, total), total);
  const discarded = await (await fetch(`${loki.url}/metrics`)).text();
  assert.doesNotMatch(discarded, /^loki_discarded_samples_total\{.*\} [1-9]/m);

  const count = (filter: string) => loki.count(`sum(count_over_time(${all} | ${filter} [1h]))`);
  assert.equal(await count('otel_setup_truncated = "body"'), 6);
  assert.equal(await count('otel_setup_renamed =~ ".*team -> team_2.*"'), 1);
  assert.equal(await count('team = "a" | team_2 = "b"'), 1);
  assert.equal(await count('trace_id != ""'), 0);
  assert.equal(await count('detected_level = "fatal"'), 0);
  assert.equal(await count('exception_type = "Error" | exception_message = "boom"'), 1);
  assert.equal(await count('otel_setup_resource_changed != ""'), 7);
  assert.equal(await count('otel_setup_scope_changed != ""'), 2);
});
