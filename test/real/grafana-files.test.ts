// The dashboard and the alert rules: laid out without overlap, and every metric they name exists.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { parser } from '@prometheus-io/lezer-promql';
import {
  type InstrumentRow,
  instruments,
  operationDuration,
} from '../../packages/otel-setup/src/health/instruments.ts';
import { temporaryFolder } from '../journeys/program.ts';
import { deployedAlloy, receiver, startAlloy } from './alloy.ts';
import { asked, dashboard, dataSources, filledIn, rules } from './grafana-files.ts';
import { missing } from './programs.ts';

/** https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#otlp-metric-points-to-prometheus */
function prometheusName({ name, kind, unit }: InstrumentRow): string {
  const units: Readonly<Record<string, string>> = { By: '_bytes', s: '_seconds' };
  const ends: Readonly<Record<string, string>> = { counter: '_total', histogram: '_count' };
  return `${name.replaceAll('.', '_')}${units[unit] ?? ''}${ends[kind] ?? ''}`;
}

const rows = [...Object.values(instruments), operationDuration];

/** The metrics that a query names; an error where it is no PromQL. */
function metricsOf(query: string): string[] {
  const names: string[] = [];
  parser.parse(query).iterate({
    enter: ({ type, from, to, node }) => {
      assert.ok(!type.isError, `${query}: not understood at ${from}`);
      if (type.name === 'Identifier' && node.parent?.name === 'VectorSelector') {
        names.push(query.slice(from, to));
      }
    },
  });
  return names;
}

async function sendLine(otlpUrl: string): Promise<void> {
  const logRecords = [{ timeUnixNano: `${Date.now()}000000`, body: { stringValue: 'a line' } }];
  const { status } = await fetch(`${otlpUrl}/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }),
  });
  assert.equal(status, 200);
}

const isAlloys = (name: string): boolean => /^(?:otelcol|alloy|http)_/.test(name);
const all = new Set(asked('metrics').flatMap(({ query }) => metricsOf(filledIn(query))));

it('no panel of the dashboard lies on another one, and none is wider than the page', () => {
  const taken = new Map<string, string>();
  for (const { title, gridPos } of dashboard.panels) {
    assert.ok(gridPos.x + gridPos.w <= 24, title);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
        assert.equal(taken.get(`${x} ${y}`), undefined, title);
        taken.set(`${x} ${y}`, title);
      }
    }
  }
  assert.ok(dashboard.panels.length > 15);
});

it('a variable that the dashboard uses is one that it has', () => {
  const has = new Set(dashboard.templating.list.map(({ name }) => name));
  const used = [...JSON.stringify(dashboard).matchAll(/\$\{?(\w+)/g)].map(([, name = '']) => name);
  assert.deepEqual(
    used.filter((name) => !name.startsWith('__') && !has.has(name)),
    [],
  );
});

it('every rule asks a data source that is provisioned, and says what to do', () => {
  const uids = new Set(['__expr__', ...dataSources.map(({ uid }) => uid)]);
  assert.equal(new Set(rules.map(({ uid }) => uid)).size, rules.length);
  assert.ok(rules.length >= 11);
  for (const { uid, condition, data, annotations } of rules) {
    assert.ok(
      data.every(({ datasourceUid }) => uids.has(datasourceUid)),
      uid,
    );
    assert.ok(
      data.some(({ refId }) => refId === condition),
      uid,
    );
    assert.match(annotations.summary, /\. \S/, uid);
  }
});

it('every metric of the pipeline that is asked for is one that it has', () => {
  const has = new Set(rows.map(prometheusName));
  const own = [...all].filter((name) => !isAlloys(name));
  assert.ok(own.length > 10);
  assert.deepEqual(
    own.filter((name) => !has.has(name)),
    [],
  );
});

it('a query that is no PromQL is seen', () => {
  assert.throws(() => metricsOf('sum by (job) (rate(a[5m])'), /not understood/);
});

it('every metric of Alloy that is asked for is one that the real Alloy has', {
  skip: missing('alloy'),
}, async (t) => {
  // A final refusal, then none: Alloy has the figure for each only once it has happened.
  let status = 400;
  const endpoint = createServer((request, response) => {
    request.resume().once('end', () => {
      response.writeHead(status).end();
      status = 200;
    });
  });
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
  t.after(() => endpoint.close());
  const { port } = endpoint.address() as AddressInfo;
  const alloy = await deployedAlloy(join(temporaryFolder(t), 'alloy'), 'small.alloy', {
    GRAFANA_CLOUD_OTLP_ENDPOINT: `http://127.0.0.1:${port}/otlp`,
  });
  t.after(() => alloy.program.stop());

  const wanted = [...all].filter(isAlloys);
  assert.ok(wanted.length >= 7);
  let absent = wanted;
  for (let tries = 0; tries < 60 && absent.length > 0; tries += 1) {
    await sendLine(alloy.otlpUrl);
    await delay(250);
    const text = await (await fetch(`${alloy.url}/metrics`)).text();
    absent = wanted.filter((name) => !new RegExp(`^${name}\\{`, 'm').test(text));
  }
  assert.deepEqual(absent, []);
});

/** OTLP in, the metrics as Prometheus names them in its log. */
const echo = (port: number): string => `
${receiver(port, 'metrics', 'otelcol.exporter.prometheus.names')}

otelcol.exporter.prometheus "names" {
  forward_to = [prometheus.echo.names.receiver]
}

prometheus.echo "names" { }
`;

it('the real Alloy gives the metrics of the pipeline those names, and the labels that the queries use', {
  skip: missing('alloy'),
}, async (t) => {
  const folder = join(temporaryFolder(t), 'alloy');
  const alloy = await startAlloy(folder, echo, ['--stability.level=experimental']);
  t.after(() => alloy.program.stop());
  const attributes = [{ key: 'error.type', value: { stringValue: 'too_old' } }];
  const timeUnixNano = `${Date.now()}000000`;
  const dataPoints = [{ asInt: '1', timeUnixNano, attributes }];
  const counted = [{ count: '1', sum: 1, bucketCounts: ['1'], timeUnixNano, attributes }];
  const metrics = rows.map(({ name, unit, kind }) => {
    const sum = { dataPoints, aggregationTemporality: 2, isMonotonic: kind === 'counter' };
    const histogram = { dataPoints: counted, aggregationTemporality: 2 };
    const shapes = { gauge: { gauge: { dataPoints } }, histogram: { histogram } };
    return { name, unit, ...(shapes[kind as keyof typeof shapes] ?? { sum }) };
  });
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] };
  const { status } = await fetch(`${alloy.otlpUrl}/v1/metrics`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] }),
  });
  assert.equal(status, 200);

  const wanted = rows.map(
    (row) => `${prometheusName(row)}{error_type=\\"too_old\\",job=\\"shop\\"}`,
  );
  let absent = wanted;
  for (let tries = 0; tries < 40 && absent.length > 0; tries += 1) {
    await delay(250);
    const log = readFileSync(join(folder, 'alloy.log'), 'utf8');
    absent = wanted.filter((series) => !log.includes(series));
  }
  assert.deepEqual(absent, []);
});
