import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { type MeterProvider as ApiProvider, metrics } from '@opentelemetry/api';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import type { Notice } from '../errors.ts';
import { Ledger } from './ledger.ts';
import { Metrics } from './metrics.ts';
import type { SpoolStats } from './stats.ts';

const spool: SpoolStats = {
  mode: 'record',
  directory: '/state/v1/ab/cd',
  pendingBytes: 10,
  diskBytes: 20,
  maxBytes: 3_240,
  oldestMs: 2_500,
};

class Reader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {
    // There is nothing to flush: collect() is asked for.
  }

  protected override async onShutdown(): Promise<void> {
    // There is nothing to end.
  }
}

interface Point {
  readonly value: unknown;
  readonly attributes: Record<string, unknown>;
}

/** What a provider collects: instrument name to its points. */
async function collect(reader: Reader): Promise<Map<string, Point[]>> {
  const { resourceMetrics, errors } = await reader.collect();
  assert.deepEqual(errors, []);
  const all = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  return new Map(all.map((metric) => [metric.descriptor.name, metric.dataPoints as Point[]]));
}

function setUp(given?: ApiProvider) {
  const ledger = new Ledger('direct', () => 1_700_000_000_500);
  const notices: Notice[] = [];
  const timers: (() => void)[] = [];
  const made = new Metrics({
    meterProvider: given,
    version: '1.2.3',
    endpointUrl: 'https://gateway.example.net/otlp/v1/logs',
    stats: () => ledger.stats(spool),
    clock: {
      now: () => 0,
      monotonic: () => 0,
      setTimeout(run) {
        timers.push(run);
        return { ref: () => undefined, unref: () => undefined };
      },
      clearTimeout: () => undefined,
    },
    notice: (notice) => notices.push(notice),
  });
  return { ledger, metrics: made, notices, timers };
}

function provide() {
  const reader = new Reader();
  return { reader, provider: new MeterProvider({ readers: [reader] }) };
}

const sum = (points: Point[] | undefined): number =>
  (points ?? []).reduce((total, { value }) => total + Number(value), 0);

const byReason = (points: Point[] | undefined): Record<string, unknown> =>
  Object.fromEntries(
    (points ?? []).map(({ attributes, value }) => [attributes['error.type'] ?? '', value]),
  );

const end = { seconds: 0.2, status: 204, errorType: undefined };

afterEach(() => metrics.disable());

test('metrics show the ledger, and accepted is settled and waiting at each collection', async () => {
  const { provider, reader } = provide();
  const { ledger, metrics: ours } = setUp(provider);
  ledger.hot.accepted += 100;
  ledger.hot.encodedBytes += 30_000;
  ledger.delivered(60, 999);
  ledger.dropped('too_old', 3);
  ledger.dropped('disk_cap', 2);
  ledger.adopted(50);
  ledger.delivered(40, 1, true);
  ledger.dropped('corrupt', 1, true);
  ledger.processed('noise', 7);
  ledger.redacted('jwt', 4);
  ledger.changed('renamed', 5);
  ledger.billed(777, 'a');
  ours.started(12);
  const found = await collect(reader);
  const value = (name: string) => found.get(name)?.[0]?.value;

  assert.equal(value('otel.sdk.log.created'), 100);
  assert.deepEqual(byReason(found.get('otel.sdk.processor.log.processed')), {
    '': 60,
    too_old: 3,
    disk_cap: 2,
  });
  assert.equal(value('otel.sdk.processor.log.queue.size'), 35);
  assert.equal(value('otel.sdk.processor.log.queue.capacity'), 10);
  assert.deepEqual(byReason(found.get('otel.sdk.exporter.log.exported')), { '': 100, too_old: 3 });
  assert.equal(value('otel.sdk.exporter.log.inflight'), 12);
  assert.equal(value('otel_setup.spool.size'), 20);
  assert.equal(value('otel_setup.spool.limit'), 3_240);
  assert.equal(value('otel_setup.queue.oldest_age'), 2.5);
  assert.equal(value('otel_setup.exporter.last_success'), 1_700_000_000.5);
  assert.equal(value('otel_setup.adopted.log.found'), 50);
  assert.equal(value('otel_setup.adopted.log.queue.size'), 9);
  assert.equal(sum(found.get('otel_setup.adopted.log.processed')), 41);
  assert.deepEqual(found.get('otel_setup.log.filtered')?.[0]?.attributes, {
    'otel_setup.rule': 'noise',
  });
  assert.equal(value('otel_setup.log.redacted'), 4);
  assert.equal(value('otel_setup.log.changed'), 5);
  assert.equal(value('otel_setup.exporter.billed'), 777);
  assert.equal(value('otel_setup.exporter.streams'), 1);

  const settled = sum(found.get('otel.sdk.processor.log.processed'));
  assert.equal(settled + Number(value('otel.sdk.processor.log.queue.size')), 100);
});

test('components and the endpoint are named as the conventions say', async () => {
  const { provider, reader } = provide();
  const { metrics: ours } = setUp(provider);
  ours.started(1);
  ours.ended(1, { seconds: 0.4, status: 503, errorType: '503' });
  const found = await collect(reader);
  assert.deepEqual(found.get('otel.sdk.processor.log.queue.size')?.[0]?.attributes, {
    'otel.component.type': 'otel_setup_log_processor',
    'otel.component.name': 'otel_setup_log_processor/0',
  });
  const [point] = found.get('otel.sdk.exporter.operation.duration') ?? [];
  assert.deepEqual(point?.attributes, {
    'otel.component.type': 'otlp_http_log_exporter',
    'otel.component.name': 'otlp_http_log_exporter/otel-setup',
    'server.address': 'gateway.example.net',
    'server.port': 443,
    'http.response.status_code': 503,
    'error.type': '503',
  });
  const value = point?.value as { count?: number; sum?: number } | undefined;
  assert.deepEqual([value?.count, value?.sum], [1, 0.4]);
});

test('a global provider that is registered later is found at the next look or request', async () => {
  for (const find of ['timer', 'request'] as const) {
    const { metrics: ours, timers } = setUp();
    const { provider, reader } = provide();
    assert.ok(metrics.setGlobalMeterProvider(provider));
    if (find === 'timer') timers.at(-1)?.();
    else ours.ended(0, end);
    assert.ok((await collect(reader)).has('otel.sdk.log.created'), find);
    metrics.disable();
  }
});

test('another global provider takes the place of the first, which then shows nothing new', async () => {
  const [first, second] = [provide(), provide()];
  metrics.setGlobalMeterProvider(first.provider);
  const { ledger, metrics: ours } = setUp();
  const created = async ({ reader }: typeof first) =>
    (await collect(reader)).get('otel.sdk.log.created')?.[0]?.value;
  assert.equal(await created(first), 0);
  metrics.disable();
  metrics.setGlobalMeterProvider(second.provider);
  ours.ended(0, end);
  ledger.hot.accepted += 5;
  assert.equal(await created(second), 5);
  assert.notEqual(await created(first), 5);
});

test('a provider given to init() is taken, whatever the global one is', async () => {
  const [given, other] = [provide(), provide()];
  metrics.setGlobalMeterProvider(other.provider);
  const { timers } = setUp(given.provider);
  assert.equal(timers.length, 0);
  assert.ok((await collect(given.reader)).has('otel.sdk.log.created'));
  assert.equal((await collect(other.reader)).size, 0);
});

test('without a provider it is looked for a few times, and no timer is left', () => {
  const { timers } = setUp();
  for (let i = 0; i < 10; i++) timers[i]?.();
  assert.equal(timers.length, 4);
});

test('a provider that throws is told in a notice and reaches nobody else', () => {
  const broken = {
    getMeter() {
      throw new TypeError('secret glc_abc');
    },
  } as unknown as ApiProvider;
  const { metrics: ours, notices } = setUp(broken);
  ours.ended(0, end);
  assert.deepEqual(
    notices.map(({ code }) => code),
    ['OTEL_SETUP_METRICS'],
  );
  assert.ok(!JSON.stringify(notices).includes('glc_abc'));
});
