// Beside an application's own OpenTelemetry: its lines 1.x and 2.x on api 1.9, 3.x on api 1.10, each
// with our logging started before and after. Every record has its own span's ids, arrives once, and the
// application's traces are whole and free of our requests.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredRecord } from 'otlp-inbox';
import { type Case, runProgram } from '../case.ts';
import { type Span, startSpanSink } from '../span-sink.ts';
import type { ProjectSpec } from '../workspace.ts';

const requests = 200;

interface Stack {
  readonly autoInstrumentations: string;
  readonly sdkNode: string;
  readonly api: string;
}

const stacks: readonly Stack[] = [
  { autoInstrumentations: '0.56.1', sdkNode: '^0.57.1', api: '~1.9.0' },
  { autoInstrumentations: '0.81.2', sdkNode: '^0.223.0', api: '~1.9.0' },
  { autoInstrumentations: '0.82.0', sdkNode: '^0.300.0', api: '1.10.0' },
];

function projectOf({ autoInstrumentations, sdkNode, api }: Stack): ProjectSpec {
  return {
    from: 'tracing',
    dependencies: {
      winston: '3.19.0',
      'winston-transport': '4.9.0',
      '@opentelemetry/api': api,
      '@opentelemetry/auto-instrumentations-node': autoInstrumentations,
      '@opentelemetry/sdk-node': sdkNode,
    },
  };
}

function checkRecords(records: readonly StoredRecord[]): void {
  const right = records.filter(
    ({ record }) =>
      record.traceId === record.attributes.traceId && record.spanId === record.attributes.spanId,
  );
  assert.equal(records.length, requests, 'records that arrived');
  assert.equal(right.length, requests, 'records with the ids of their own span');
  const numbers = new Set(records.map(({ record }) => record.attributes.n));
  assert.equal(numbers.size, requests, 'different records');
}

function checkSpans(spans: readonly Span[], records: readonly StoredRecord[]): void {
  const servers = spans.filter(({ kind }) => kind === 2);
  const clients = new Map(
    spans.filter(({ kind }) => kind === 3).map((span) => [span.spanId, span]),
  );
  assert.equal(servers.length, requests, 'server spans');
  const children = servers.filter(
    ({ parentSpanId = '', traceId }) => clients.get(parentSpanId)?.traceId === traceId,
  );
  assert.equal(children.length, requests, 'server spans below their client span');
  const known = new Set(servers.map(({ spanId }) => spanId));
  const matched = records.filter(({ record }) => known.has(record.spanId));
  assert.equal(matched.length, requests, 'records whose span was exported');
  const ours = spans.filter(({ attributes }) => JSON.stringify(attributes).includes('/v1/logs'));
  assert.equal(ours.length, 0, 'spans of our own requests');
}

function beside(stack: Stack, order: 'logs-first' | 'tracing-first'): Case {
  return {
    name: `auto-${stack.autoInstrumentations}-${order}`,
    run: async (workspace) => {
      const dir = await workspace.project(projectOf(stack));
      const api = readFileSync(join(dir, 'node_modules/@opentelemetry/api/package.json'), 'utf8');
      const [major, minor] = JSON.parse(api).version.split('.');
      assert.ok(
        stack.api.includes(`${major}.${minor}.`),
        `the application's api is ${major}.${minor}`,
      );
      const sink = await startSpanSink();
      try {
        await runProgram({
          dir,
          args: ['app.cjs'],
          env: {
            ORDER: order,
            LOG_CONSOLE: 'off',
            OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
            OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
            OTEL_METRICS_EXPORTER: 'none',
            OTEL_BSP_MAX_QUEUE_SIZE: '100000',
          },
          check: (records) => {
            checkRecords(records);
            checkSpans(sink.spans, records);
          },
        });
      } finally {
        await sink.close();
      }
    },
  };
}

export const tracingCases: readonly Case[] = stacks.flatMap((stack) => [
  beside(stack, 'tracing-first'),
  beside(stack, 'logs-first'),
]);
