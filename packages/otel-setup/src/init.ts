// init(): one pipeline a process (and a worker thread), a console where nothing else is there.

import type { Logger } from 'winston';
import type { Config } from './config/config.ts';
import type { ConfigOptions } from './config/config-options.ts';
import { readHost } from './config/host.ts';
import { loadConfig } from './config/load-config.ts';
import { addedLine, consoleLine } from './console-line.ts';
import { cleanWords, maskSecrets } from './deliver/words.ts';
import { ConfigError, type Notice } from './errors.ts';
import { createHealth, type Health } from './health/health.ts';
import { writeStderr } from './health/stderr.ts';
import { type OwnOptions, splitOptions } from './init-options.ts';
import { lateNotices } from './late-options.ts';
import { baseOf } from './logger/base-logger.ts';
import { createLogger } from './logger/create-logger.ts';
import { consoleNotices } from './logger/doubles.ts';
import { quietNotices } from './logger/quiet.ts';
import { nodeNotices } from './node-version.ts';
import { realWorld } from './real-world.ts';
import { secretsOf } from './sending.ts';
import { startRoute } from './start-route.ts';
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

export function start(
  config: Config,
  world: World,
  own: OwnOptions,
  first: InitOptions = {},
): Handle {
  const health = openHealth(config, world, own);
  nodeNotices(process.versions.node).forEach(health.notice);
  noticesOf(config, own).forEach(health.notice);
  const route = startRoute({ config, world, health, own });
  const adopt = (given: Logger, isGiven: boolean): void => {
    const logger = baseOf(given);
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

function openHealth(config: Config, { clock }: World, { onNotice }: OwnOptions): Health {
  const secrets = config.endpoint === undefined ? [] : secretsOf(config.endpoint);
  return createHealth({
    noticeLevel: config.noticeLevel,
    json: config.logger.console === 'json',
    write: writeStderr,
    clock,
    onNotice,
    routeName: config.route,
    clean: (words) => cleanWords(words, secrets),
    // Of a header's value that is short our own words may be made, too: a tenant named alloy.
    mask: (message) => maskSecrets(message, secrets, 12),
  });
}

/** A logger that is given has a level of its own, which is looked at when it is adopted. */
function noticesOf({ notices }: Config, own: OwnOptions): readonly Notice[] {
  return own.logger === undefined
    ? notices
    : notices.filter(({ code }) => code !== 'OTEL_SETUP_LEVEL');
}

function makeLogger(config: Config, world: World): Logger {
  const colour = process.stdout.isTTY === true && process.stdout.hasColors?.() === true;
  const shown = isSilencedByMistake(config)
    ? { ...config, logger: { ...config.logger, console: 'json' as const } }
    : config;
  return createLogger(
    config.logger.level,
    consoleLine(shown, world, colour),
    addedLine(config, world),
  );
}

/** Where a wrong environment leaves records nowhere to go, a console that is off would be silence. */
function isSilencedByMistake(config: Config): boolean {
  return (
    config.route !== 'none' && config.endpoint === undefined && config.logger.console === 'off'
  );
}
