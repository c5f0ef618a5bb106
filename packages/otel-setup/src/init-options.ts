// The options of init() that no variable can say: taken apart from the others, and checked.

import type { MeterProvider } from '@opentelemetry/api';
import type { ResourceDetector } from '@opentelemetry/resources';
import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import type winston from 'winston';
import type { Logger } from 'winston';
import type { ConfigOptions } from './config/config-options.ts';
import type { Notice } from './errors.ts';
import type { InitOptions } from './telemetry.ts';

export interface OwnOptions {
  readonly logger: Logger | undefined;
  readonly processors: readonly LogRecordProcessor[];
  readonly resourceDetectors?: readonly ResourceDetector[] | undefined;
  readonly meterProvider?: MeterProvider | undefined;
  readonly onNotice: ((notice: Notice) => void) | undefined;
  readonly strict: boolean;
}

/** Never throws: what is wrong is in `problems`, to be told together with the rest. */
export function splitOptions(options: InitOptions): {
  own: OwnOptions;
  config: ConfigOptions;
  problems: string[];
} {
  const given = isObject(options) ? options : {};
  const { logger, processors, resourceDetectors, meterProvider, onNotice, strict, ...config } =
    given;
  const own = {
    logger: loggerOf(logger),
    processors: processors ?? [],
    resourceDetectors,
    meterProvider,
    onNotice,
    strict: strict === true,
  };
  const problems =
    given === options ? problemsOf(given) : ['init() takes an object of options, or nothing.'];
  return { own, config, problems };
}

/** The module itself is winston's default logger, to those who use it: `init({ logger: winston })`. */
function loggerOf(given: InitOptions['logger']): Logger | undefined {
  const library = given as Partial<typeof winston> | undefined;
  return typeof library?.createLogger === 'function' && typeof library.child === 'function'
    ? (Object.getPrototypeOf(library.child({})) as Logger)
    : given;
}

function isObject(value: unknown): value is InitOptions {
  return typeof value === 'object' && value !== null;
}

function problemsOf(options: InitOptions): string[] {
  const { logger, processors, resourceDetectors, meterProvider, onNotice, strict } = options;
  const problems: string[] = [];
  if (logger !== undefined && !isWinstonLogger(loggerOf(logger))) {
    problems.push(
      'option logger must be a winston logger (of winston.createLogger()); leave it out and init() makes one.',
    );
  }
  if (processors !== undefined && !isProcessors(processors)) {
    problems.push(
      'option processors must be an array of OpenTelemetry LogRecordProcessors (objects with onEmit, forceFlush and shutdown).',
    );
  }
  if (resourceDetectors !== undefined && !isDetectors(resourceDetectors)) {
    problems.push(
      'option resourceDetectors must be an array of OpenTelemetry ResourceDetectors (objects with detect).',
    );
  }
  if (meterProvider !== undefined && typeof Object(meterProvider).getMeter !== 'function') {
    problems.push(
      'option meterProvider must be an OpenTelemetry MeterProvider (an object with getMeter); leave it out and the global one is used.',
    );
  }
  if (onNotice !== undefined && typeof onNotice !== 'function') {
    problems.push(`option onNotice must be a function, got ${typeof onNotice}.`);
  }
  if (strict !== undefined && typeof strict !== 'boolean') {
    problems.push(`option strict must be true or false, got ${typeof strict}.`);
  }
  return problems;
}

function isWinstonLogger(logger: unknown): boolean {
  const { add, write, levels } = Object(logger) as Record<string, unknown>;
  return typeof add === 'function' && typeof write === 'function' && typeof levels === 'object';
}

function isProcessors(processors: unknown): boolean {
  return (
    Array.isArray(processors) &&
    processors.every((processor) => typeof Object(processor).onEmit === 'function')
  );
}

function isDetectors(detectors: unknown): boolean {
  return (
    Array.isArray(detectors) &&
    detectors.every((detector) => typeof Object(detector).detect === 'function')
  );
}
