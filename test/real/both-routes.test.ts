// The real Grafana Loki, directly and behind the real Grafana Alloy: what was logged is read back by LogQL.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { bareEnvironment, runProgram, temporaryFolder } from '../journeys/program.ts';
import { type Alloy, plainAlloy, startAlloy } from './alloy.ts';
import { type Loki, type LokiRow, startLoki } from './loki.ts';
import { missing } from './programs.ts';

const total = 16;

function one(rows: readonly LokiRow[], line: string): LokiRow {
  const found = rows.filter((row) => row.line === line);
  assert.equal(found.length, 1, `"${line}" is there ${found.length} times`);
  return found[0] as LokiRow;
}

function has(row: LokiRow, fields: Record<string, string>): void {
  const found = Object.fromEntries(Object.keys(fields).map((name) => [name, row.fields[name]]));
  assert.deepEqual(found, fields);
}

describe('the real Loki', { skip: missing('loki') }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'otel-setup-test-'));
  let loki: Loki;
  before(async () => {
    loki = await startLoki(join(folder, 'loki'));
  });
  after(async () => {
    await loki?.program.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  describe('on the route direct', () => {
    promises('direct', () => ({
      loki,
      env: { LOG_ROUTE: 'direct', OTEL_EXPORTER_OTLP_ENDPOINT: `${loki.url}/otlp` },
    }));
  });

  describe('behind the real Alloy on the route alloy', { skip: missing('alloy') }, () => {
    let alloy: Alloy;
    before(async () => {
      alloy = await startAlloy(join(folder, 'alloy'), plainAlloy(loki.url));
    });
    after(() => alloy?.program.stop());
    promises('alloy', () => ({
      loki,
      env: { LOG_ROUTE: 'alloy', ALLOY_OTLP_ENDPOINT: alloy.otlpUrl },
    }));
  });
});

interface Place {
  readonly loki: Loki;
  readonly env: Readonly<Record<string, string>>;
}

function promises(route: string, place: () => Place): void {
  const environment = (t: TestContext, service: string): Record<string, string> => ({
    ...bareEnvironment(temporaryFolder(t)),
    ...place().env,
    LOG_CONSOLE: 'off',
    OTEL_SERVICE_NAME: service,
  });

  it('stores every field of every record', async (t) => {
    const { loki } = place();
    const env = environment(t, `shop-${route}`);
    const ended = await runProgram(t, 'every-field.ts', { env, args: ['r1'] });
    assert.equal(ended.code, 0, ended.stderr);
    const stats = JSON.parse(ended.stdout) as Record<string, unknown>;
    assert.deepEqual([stats.accepted, stats.delivered, stats.dropped], [total, total, {}]);

    const rows = await loki.waitFor(`{service_name="shop-${route}"} | run="r1"`, total);
    assert.equal(rows.length, total);
    checkFields(rows);
    checkLevels(rows);
    const times = rows.map(({ time }) => time);
    assert.equal(new Set(times).size, total, 'two records share a timestamp');
  });

  it('stores ten thousand random records and refuses none', async (t) => {
    const { loki } = place();
    const env = environment(t, `random-${route}`);
    const ended = await runProgram(t, 'random.ts', { env, args: ['10000', '42'] });
    assert.equal(ended.code, 0, ended.stderr);
    const stats = JSON.parse(ended.stdout) as Record<string, unknown>;
    assert.deepEqual([stats.accepted, stats.delivered, stats.dropped], [10_000, 10_000, {}]);
    const query = `sum(count_over_time({service_name="random-${route}"} [1h]))`;
    assert.equal(await loki.waitForCount(query, 10_000), 10_000);
  });
}

function checkFields(rows: readonly LokiRow[]): void {
  has(one(rows, 'plain'), {
    text: 'x',
    int: '42',
    big: '9007199254740991',
    float: '1.5',
    yes: 'true',
    trace_id: '0af7651916cd43dd8448eb211c80319c',
    span_id: 'b7ad6b7169203331',
    detected_level: 'info',
    scope_name: 'winston',
  });
  has(one(rows, 'nested'), {
    user_id: '7',
    user_tags: '["a","b"]',
    user_address_city: 'Köln',
    list: '[1,"two",false]',
  });
  has(one(rows, 'values'), {
    date: '1970-01-01T00:00:00.000Z',
    bigint: '5',
    bytes: 'aGk=',
    nan: 'NaN',
  });
  const failed = one(rows, 'failed too far');
  has(failed, { exception_type: 'RangeError', exception_message: 'too far', code: 'E_FAR' });
  assert.match(
    failed.fields.exception_stacktrace ?? '',
    /Caused by: TypeError: the reason\n {4}at /,
  );
  has(one(rows, 'from a child'), { requestId: 'r-1', part: 'child' });
  has(one(rows, 'from another source'), {
    scope_name: 'other',
    scope_version: '2.0.0',
    detected_level: 'warn',
  });
  assert.equal(rows.filter(({ line }) => line === 'twin').length, 2);
}

function checkLevels(rows: readonly LokiRow[]): void {
  const levels = {
    error: 'error',
    warn: 'warn',
    info: 'info',
    http: 'debug',
    verbose: 'debug',
    debug: 'debug',
    silly: 'trace',
  };
  for (const [name, detected] of Object.entries(levels)) {
    has(one(rows, `level ${name}`), { detected_level: detected, severity_text: detected });
  }
}
