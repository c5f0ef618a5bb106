// init(): one pipeline a process (and a worker thread), a console where nothing else is there.

import { join } from 'node:path';
import type { Logger } from 'winston';
import type { Config } from './config/config.ts';
import type { ConfigOptions } from './config/config-options.ts';
import { readHost } from './config/host.ts';
import { loadConfig } from './config/load-config.ts';
import { consoleLine } from './console-line.ts';
import { noSpool, startConsoleOnly } from './console-only.ts';
import { cleanWords, maskSecrets } from './deliver/words.ts';
import { detectResource } from './detected-resource.ts';
import { ConfigError, type Notice } from './errors.ts';
import { guardProcessors } from './guest-processors.ts';
import { createHealth, type Health } from './health/health.ts';
import { writeStderr } from './health/stderr.ts';
import { type OwnOptions, splitOptions } from './init-options.ts';
import { labelNotices } from './label-notices.ts';
import { lateNotices } from './late-options.ts';
import { loadReference } from './load-reference.ts';
import { captureWrites } from './logger/capture.ts';
import { adoptLogger, createLogger, leaveAlone } from './logger/create-logger.ts';
import { consoleNotices, doubleNotices } from './logger/doubles.ts';
import { registerGlobals } from './logger/globals.ts';
import { quietNotices } from './logger/quiet.ts';
import { nodeNotices } from './node-version.ts';
import { startPipeline } from './pipeline.ts';
import { realWorld } from './real-world.ts';
import { errorText } from './record/unreadable.ts';
import { secretsOf } from './sending.ts';
import { startLine } from './start-line.ts';
import type { InitOptions, Telemetry } from './telemetry.ts';
import type { World } from './world.ts';

/** The process's one pipeline, whichever copy of this package made it. */
const handleKey = Symbol.for('otel-setup');

interface Handle {
  readonly telemetry: Telemetry;
  /** For a later init(): its logger joins, its other options come too late. */
  again(options: InitOptions): Telemetry;
}

type Shared = { [handleKey]?: Handle };

/**
 * Starts the pipeline and gives the logger. Synchronous; a second call gives the same Telemetry, and
 * adopts the logger it is given. Whatever is wrong in the environment becomes a notice; the logger
 * then prints to the console.
 * @throws {ConfigError} for wrong options in code and, with `strict`, for a wrong environment; before anything starts
 */
export function init(options: InitOptions = {}): Telemetry {
  const shared = globalThis as Shared;
  const existing = shared[handleKey];
  if (existing !== undefined) {
    return existing.again(options);
  }
  const { own, config: given, problems } = splitOptions(options);
  const config = readConfig(given, problems);
  if (own.strict && config.problems.length > 0) {
    throw new ConfigError(config.problems);
  }
  const handle = start(config, realWorld(), own, options);
  Object.defineProperty(shared, handleKey, { value: handle, configurable: true });
  return handle.telemetry;
}

/** All problems at once, whichever room finds them. */
function readConfig(given: ConfigOptions, problems: readonly string[]): Config {
  try {
    const config = loadConfig(given, readHost());
    if (problems.length === 0) {
      return config;
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) {
      throw error;
    }
    throw new ConfigError([...problems, ...error.problems], { cause: error });
  }
  throw new ConfigError(problems);
}

/** What is behind the logger: our pipeline, the upstream parts, or nothing. */
interface Route
  extends Pick<Telemetry, 'loggerProvider' | 'processor' | 'flush' | 'shutdown' | 'stats'> {
  adopt(logger: Logger): void;
}

export function start(
  config: Config,
  world: World,
  own: OwnOptions,
  first: InitOptions = {},
): Handle {
  const secrets = config.endpoint === undefined ? [] : secretsOf(config.endpoint);
  const health = createHealth({
    noticeLevel: config.noticeLevel,
    json: config.logger.console === 'json',
    write: writeStderr,
    clock: world.clock,
    onNotice: own.onNotice,
    routeName: config.route,
    clean: (words) => cleanWords(words, secrets),
    // Of a header's value that is short our own words may be made, too: a tenant named alloy.
    mask: (message) => maskSecrets(message, secrets, 12),
  });
  nodeNotices(process.versions.node).forEach(health.notice);
  noticesOf(config, own).forEach(health.notice);
  const route = startRoute(config, world, health, own);
  const adopt = (logger: Logger, isGiven: boolean): void => {
    route.adopt(logger);
    if (config.endpoint === undefined) return;
    const isInPod = config.platform.name === 'kubernetes';
    consoleNotices(logger, isInPod, isGiven).forEach(health.notice);
    const { level } = config.logger;
    const asked = level === 'info' ? undefined : level;
    if (isGiven) quietNotices(logger, asked).forEach(health.notice);
  };
  const logger = own.logger ?? makeLogger(config, world);
  adopt(logger, own.logger !== undefined);
  let isShutDown = false;
  const telemetry: Telemetry = {
    logger,
    route: config.endpoint === undefined ? 'none' : config.route,
    loggerProvider: route.loggerProvider,
    processor: route.processor,
    flush: (timeoutMs) => route.flush(timeoutMs),
    shutdown(timeoutMs) {
      isShutDown = true;
      return route.shutdown(timeoutMs);
    },
    stats: () => route.stats(),
  };
  return {
    telemetry,
    again(options) {
      if (isShutDown) {
        health.notice({
          code: 'OTEL_SETUP_SHUT_DOWN',
          level: 'warn',
          message:
            'init() was called after shutdown(): records go to the spool and are delivered by the next start. Call shutdown() last.',
        });
      }
      const { own: late, problems } = splitOptions(options);
      if (problems.length > 0) {
        throw new ConfigError(problems);
      }
      lateNotices(options, first).forEach(health.notice);
      if (late.logger !== undefined) {
        adopt(late.logger, late.logger !== logger);
      }
      return telemetry;
    },
  };
}

/** A logger that is given has a level of its own, which is looked at when it is adopted. */
function noticesOf({ notices }: Config, own: OwnOptions): readonly Notice[] {
  return own.logger === undefined
    ? notices
    : notices.filter(({ code }) => code !== 'OTEL_SETUP_LEVEL');
}

function startRoute(
  config: Config,
  world: World,
  health: Health,
  { meterProvider, processors, resourceDetectors }: OwnOptions,
): Route {
  const { endpoint } = config;
  const { argv1, cwd } = readHost();
  const mainFile = argv1 ?? join(cwd(), 'index.js');
  if (config.route === 'none' || endpoint === undefined) {
    const nothing = startConsoleOnly(config, health);
    return {
      ...nothing,
      shutdown: nothing.flush,
      adopt: leaveAlone,
    };
  }
  const { ledger, notice } = health;
  const resource = detectResource({
    configured: config.resource,
    detectors: resourceDetectors ?? [],
    clock: world.clock,
    notice,
  });
  labelNotices(Object.fromEntries(resource.getRawAttributes())).forEach(notice);
  const guests = guardProcessors(processors, notice);
  const sending = { config, endpoint, resource, processors: guests };
  const diag = { logger: health.diag, level: config.noticeLevel };
  const globals = { mainFile, diag, clock: world.clock, notice };
  const startReference = config.pipeline === 'reference' ? findReference(health) : undefined;
  if (startReference !== undefined) {
    // Passed in: the file of the reference pipeline stands beside the bundle, with symbols of its own.
    const capture = (logger: Logger): void => captureWrites(logger, undefined);
    const names = {
      routeName: config.route,
      origin: new URL(endpoint.url).origin,
      settings: endpoint.settings,
    };
    const secrets = secretsOf(endpoint);
    const given = { ...sending, ledger, globals, names, secrets, notice, capture };
    const reference = startReference(given);
    notice(startLine(config, endpoint, noSpool, world.fs));
    process.once('exit', () => health.closing(noSpool));
    return { ...reference, stats: () => health.stats(noSpool) };
  }
  const pipeline = startPipeline({ ...sending, health, world, meterProvider });
  registerGlobals(pipeline.loggerProvider, globals).forEach(health.notice);
  health.notice(startLine(config, endpoint, pipeline.spool.stats(), world.fs));
  const { accept, lifecycle } = pipeline;
  return {
    ...pipeline,
    flush: lifecycle.flush,
    shutdown: lifecycle.shutdown,
    adopt(logger) {
      doubleNotices(logger).forEach(health.notice);
      adoptLogger(logger, accept);
    },
  };
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

function makeLogger(config: Config, world: World): Logger {
  const colour = process.stdout.isTTY === true && process.stdout.hasColors?.() === true;
  const shown = isSilencedByMistake(config)
    ? { ...config, logger: { ...config.logger, console: 'json' as const } }
    : config;
  return createLogger(config.logger.level, consoleLine(shown, world, colour));
}

/** Where a wrong environment leaves records nowhere to go, a console that is off would be silence. */
function isSilencedByMistake(config: Config): boolean {
  return (
    config.route !== 'none' && config.endpoint === undefined && config.logger.console === 'off'
  );
}
