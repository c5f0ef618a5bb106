// Our pipeline, wired: read top to bottom as a record's journey.

import { isMainThread, Worker } from 'node:worker_threads';
import type { MeterProvider } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import { LoggerProvider, type LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { createChanged, createTookOut } from './change-notices.ts';
import type { Config } from './config/config.ts';
import { readHost } from './config/host.ts';
import type { Deliverer } from './deliver/deliverer.ts';
import { withGuests } from './guest-processors.ts';
import { Metrics } from './health/metrics.ts';
import type { Stats } from './health/stats.ts';
import { asProcessor, Intake, winstonScope } from './intake.ts';
import { lateLabelNotice } from './label-notices.ts';
import { attachLifecycle, type Lifecycle } from './lifecycle/lifecycle.ts';
import { createReadShared } from './logger/shared-fields.ts';
import type { Accept, AcceptCall } from './logger/transport.ts';
import { gapRecord, processorNotice } from './own-records.ts';
import { createFromEmitted } from './record/from-emitted.ts';
import { compileProcessing } from './record/processing/compile-processing.ts';
import { reserveFor } from './record/processing/reserve.ts';
import { createRedactor } from './record/redaction/redactor.ts';
import { createTimestamps } from './record/timestamps.ts';
import { createToRecord } from './record/to-record.ts';
import {
  exitBatches,
  isRefusedAtExit,
  type Sending,
  settleAtExit,
  startSending,
  tellAtExit,
} from './sending.ts';
import { openSpool } from './spool/open-spool.ts';
import type { Spool, SpoolReport } from './spool/options.ts';
import { tookOverNotice } from './took-over-notice.ts';
import { version } from './version.ts';

export interface PipelineOptions extends Sending {
  readonly resource: Resource;
  /** The application's own, each before ours; none throws. */
  readonly processors: readonly LogRecordProcessor[];
  /** The application's own; else its global one is looked for. */
  readonly meterProvider?: MeterProvider | undefined;
}

export interface Pipeline {
  readonly accept: Accept;
  /** Undefined while a rule or a processor of the application's own sees each record. */
  readonly acceptCall?: AcceptCall | undefined;
  readonly loggerProvider: LoggerProvider;
  readonly processor: LogRecordProcessor;
  readonly lifecycle: Lifecycle;
  readonly spool: Spool;
  stats(): Stats;
}

export function startPipeline(options: PipelineOptions): Pipeline {
  const { config, health, resource, world } = options;
  const timestamps = createTimestamps(world.clock.now);

  // The spool may have something to tell before those who listen are there.
  let deliverer: Deliverer | undefined;
  let intake: Intake | undefined;
  const spool = openOwnSpool(options, {
    notice: health.notice,
    dropped: (reason, count, adopted) => health.ledger.dropped(reason, count, adopted),
    adopted: (count) => health.ledger.adopted(count),
    tookOver: (tookOver) => health.notice(tookOverNotice(tookOver, world.clock.now())),
    rewoken: () => deliverer?.wakeOrphans(),
    gap: (gap) => intake?.storeOwn(resource, gapRecord(gap, timestamps())),
  });
  const stats = () => health.stats(spool.stats());
  const requests = startMetrics(options, stats);
  const sending = startSending({ ...options, requests }, spool);
  deliverer = sending.deliverer;

  const count = (change: string, times: number) => health.ledger.changed(change, times);
  const changed = createChanged(count, health.notice);
  const redactor = createRedactor(config.redaction, (rule) => health.ledger.redacted(rule));
  const making = { timestamps, changed, redactor, severities: config.severities };
  intake = new Intake({
    plain: { ...making, redactor: createRedactor(config.redaction, () => undefined) },
    toRecord: (given) => createToRecord({ ...making, limits: reserveFor(config.rules, given) }),
    fromEmitted: (given) =>
      createFromEmitted({ ...making, limits: reserveFor(config.rules, given) }),
    limits: config.limits,
    changed,
    lateLabels: (names) => health.notice(lateLabelNotice(names)),
    readShared: createReadShared(config.baggageKeys),
    hot: health.ledger.hot,
    process: compileProcessing(config.rules, {
      monotonic: () => world.clock.monotonic(),
      tookOut: createTookOut((rule) => health.ledger.processed(rule), health.notice),
    }),
    define: (definition) => spool.define(definition),
    append: (bytes, start, end, definition, severity) =>
      spool.append(bytes, start, end, definition, severity),
    wake: createWake(spool, deliverer),
    processorFailed: (error) => health.notice(processorNotice(error)),
  });

  const { own, lifecycle } = attachEnds(options, spool, sending);
  const processor = asProcessor(intake, own.flush);
  const loggerProvider = createProvider(config, resource, [...options.processors, processor]);
  const way =
    options.processors.length === 0
      ? intake.shortWay(resource)
      : { accept: intake.longWay(resource, loggerProvider.getLogger(winstonScope.name)) };
  return { ...way, loggerProvider, processor, lifecycle, spool, stats };
}

/** For a record that is stored and counted: its sync and its delivery, each by a timer. */
function createWake(spool: Spool, delivery: Deliverer): () => void {
  return () => {
    spool.appended();
    delivery.wake();
  };
}

function openOwnSpool({ config, endpoint, world }: Sending, report: SpoolReport): Spool {
  const { resource } = config;
  const text = (name: string) => String(resource[name] ?? '');
  return openSpool({
    config: config.spool,
    service: {
      namespace: text('service.namespace'),
      name: text('service.name'),
      environment: text('deployment.environment.name'),
    },
    owner: {
      route: config.route,
      origin: new URL(endpoint.url).origin,
      version,
      host: readHost().hostname(),
      pid: process.pid,
    },
    world,
    report,
  });
}

function startMetrics(options: PipelineOptions, stats: () => Stats): Metrics {
  const { endpoint, health, meterProvider, world } = options;
  const { clock } = world;
  const { notice } = health;
  return new Metrics({ meterProvider, version, endpointUrl: endpoint.url, stats, clock, notice });
}

function createProvider(
  config: Config,
  resource: Resource,
  processors: LogRecordProcessor[],
): LoggerProvider {
  return new LoggerProvider({
    resource,
    processors,
    // Not the limit of values: a secret that was cut would no longer be known for one. Ours comes after.
    logRecordLimits: { attributeCountLimit: config.limits.attributeCount },
  });
}

/** `own`: without the application's processors, whose provider asks them itself. */
function attachEnds(
  options: PipelineOptions,
  spool: Spool,
  sending: ReturnType<typeof startSending>,
) {
  const { health, processors, world } = options;
  const { deliverer, exitTarget } = sending;
  const own = attachLifecycle({
    host: process,
    isMainThread,
    worker: Worker,
    clock: world.clock,
    drain: (timeoutMs, how) => deliverer.drain(timeoutMs, how),
    stop: () => deliverer.stop(),
    pending: () => spool.own.pending,
    delivered: () => health.ledger.deliveredCount,
    routeIsDown: () => deliverer.routeIsDown,
    hasOrphans: () => !deliverer.routeIsDown && spool.nextOrphan() !== undefined,
    replay: () => deliverer.replay(),
    target: exitTarget,
    exitBatches: (maxBytes) => exitBatches(spool, maxBytes),
    settle: (lastSeq, answer) => settleAtExit(options, spool, lastSeq, answer),
    refused: (answer) => tellAtExit(options, answer),
    isForbiddenAddress: (ip) => isRefusedAtExit(options, ip),
    closing: () => {
      health.closing(spool.stats());
      spool.close();
    },
  });
  return {
    own,
    lifecycle: withGuests(own, processors, { clock: world.clock, notice: health.notice }),
  };
}
