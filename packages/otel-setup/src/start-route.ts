// What is behind the logger: our own pipeline, the upstream parts, or nothing but a console.

import { join } from 'node:path';
import type { Logger } from 'winston';
import type { Config, Endpoint } from './config/config.ts';
import { readHost } from './config/host.ts';
import { noSpool, startConsoleOnly } from './console-only.ts';
import { detectResource } from './detected-resource.ts';
import { guardProcessors } from './guest-processors.ts';
import type { Health } from './health/health.ts';
import type { OwnOptions } from './init-options.ts';
import { labelNotices } from './label-notices.ts';
import { loadReference } from './load-reference.ts';
import { captureWrites } from './logger/capture.ts';
import { adoptLogger, leaveAlone } from './logger/create-logger.ts';
import { doubleNotices } from './logger/doubles.ts';
import { registerGlobals } from './logger/globals.ts';
import { startPipeline } from './pipeline.ts';
import { errorText } from './record/unreadable.ts';
import { secretsOf } from './sending.ts';
import { startLine } from './start-line.ts';
import type { Telemetry } from './telemetry.ts';
import type { World } from './world.ts';

export interface Route
  extends Pick<Telemetry, 'loggerProvider' | 'processor' | 'flush' | 'shutdown' | 'stats'> {
  adopt(logger: Logger): void;
}

interface Parts {
  readonly config: Config;
  readonly world: World;
  readonly health: Health;
  readonly own: OwnOptions;
}

export function startRoute(parts: Parts): Route {
  const { config, health } = parts;
  const { endpoint } = config;
  if (config.route === 'none' || endpoint === undefined) {
    const nothing = startConsoleOnly(config, health);
    return { ...nothing, shutdown: nothing.flush, adopt: leaveAlone };
  }
  const sending = prepareSending(parts, endpoint);
  const startReference = config.pipeline === 'reference' ? findReference(health) : undefined;
  return startReference === undefined
    ? startOwn(parts, sending)
    : startUpstream(parts, sending, startReference);
}

/** What both pipelines are given. */
function prepareSending({ config, world, health, own }: Parts, endpoint: Endpoint) {
  const { notice } = health;
  const { argv1, cwd } = readHost();
  const resource = detectResource({
    configured: config.resource,
    detectors: own.resourceDetectors ?? [],
    clock: world.clock,
    notice,
  });
  labelNotices(Object.fromEntries(resource.getRawAttributes())).forEach(notice);
  const diag = { logger: health.diag, level: config.noticeLevel };
  return {
    config,
    endpoint,
    resource,
    processors: guardProcessors(own.processors, notice),
    globals: { mainFile: argv1 ?? join(cwd(), 'index.js'), diag, clock: world.clock, notice },
  };
}

function startOwn(
  { config, world, health, own: { meterProvider } }: Parts,
  { globals, ...sending }: ReturnType<typeof prepareSending>,
): Route {
  const pipeline = startPipeline({ ...sending, health, world, meterProvider });
  registerGlobals(pipeline.loggerProvider, globals).forEach(health.notice);
  health.notice(startLine(config, sending.endpoint, pipeline.spool.stats(), world.fs));
  const { accept, acceptCall, lifecycle } = pipeline;
  return {
    ...pipeline,
    flush: lifecycle.flush,
    shutdown: lifecycle.shutdown,
    adopt(logger) {
      doubleNotices(logger).forEach(health.notice);
      adoptLogger(logger, accept, acceptCall);
    },
  };
}

function startUpstream(
  { config, world, health }: Parts,
  sending: ReturnType<typeof prepareSending>,
  startReference: ReturnType<typeof loadReference>,
): Route {
  const { ledger, notice } = health;
  const { endpoint } = sending;
  // Passed in: the file of the reference pipeline stands beside the bundle, with symbols of its own.
  const capture = (logger: Logger): void => captureWrites(logger, undefined);
  const names = {
    routeName: config.route,
    origin: new URL(endpoint.url).origin,
    settings: endpoint.settings,
  };
  const secrets = secretsOf(endpoint);
  const reference = startReference({ ...sending, ledger, names, secrets, notice, capture });
  notice(startLine(config, endpoint, noSpool, world.fs));
  process.once('exit', () => health.closing(noSpool));
  return { ...reference, stats: () => health.stats(noSpool) };
}

/** Undefined in a bundle, which has no second file: records then go as they would without the variable. */
function findReference({ notice }: Health): ReturnType<typeof loadReference> | undefined {
  try {
    return loadReference();
  } catch (error) {
    notice({
      code: 'OTEL_SETUP_REFERENCE_MISSING',
      level: 'warn',
      message: `The reference pipeline is not in this bundle (${errorText(error)}): records go through otel-setup's own pipeline. Leave otel-setup out of the bundle (esbuild: --external:otel-setup), or unset OTEL_EXPORTER_OTLP_LOGS_PROTOCOL.`,
    });
    return undefined;
  }
}
