// The reference pipeline: the upstream parts as they come, to the same route with the same credentials.
// Readable on the wire, the second opinion when somebody doubts ours; it keeps upstream's promises only.

import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import type { Resource } from '@opentelemetry/resources';
import {
  BatchLogRecordProcessor,
  LoggerProvider,
  type LogRecordExporter,
  type LogRecordProcessor,
  type ReadableLogRecord,
} from '@opentelemetry/sdk-logs';
import { OpenTelemetryTransportV3 } from '@opentelemetry/winston-transport';
import type { Logger } from 'winston';
import type { Config, Endpoint } from './config/config.ts';
import { noSpool } from './console-only.ts';
import { type RouteNames, troubleNotice } from './deliver/trouble.ts';
import type { Notice } from './errors.ts';
import type { Ledger } from './health/ledger.ts';
import { type GlobalsHost, registerGlobals } from './logger/globals.ts';
import { createReadableRedaction } from './record/redaction/redact-readable.ts';
import { lossNotice } from './reference-loss.ts';
import type { FlushResult, Telemetry } from './telemetry.ts';

export interface Reference extends Pick<Telemetry, 'flush' | 'shutdown'> {
  readonly loggerProvider: LoggerProvider;
  readonly processor: LogRecordProcessor;
  /** Adds the upstream transport to a logger. */
  adopt(logger: Logger): void;
}

/** Registers its provider in the globals first: the upstream transport finds it nowhere else. */
export function startReference(options: {
  config: Config;
  endpoint: Endpoint;
  resource: Resource;
  ledger: Ledger;
  processors: readonly LogRecordProcessor[];
  globals: GlobalsHost;
  names: RouteNames;
  /** Header values and the like that no notice may repeat. */
  secrets: readonly string[];
  notice: (notice: Notice) => void;
  /** Puts the context of each call on its info. */
  capture: (logger: Logger) => void;
}): Reference {
  const { config, endpoint, ledger, notice } = options;
  const unreadable = (why: string) => notice(troubleNotice('tls-files', options.names, why));
  const exporter = createExporter(config, endpoint, unreadable);
  const batches = new BatchLogRecordProcessor({
    ...config.batchProcessor,
    exporter: counting(redacting(exporter, config, ledger), ledger, (count, error) =>
      notice(lossNotice(count, error, options)),
    ),
  });
  const processor: LogRecordProcessor = {
    onEmit(record) {
      ledger.hot.accepted++;
      batches.onEmit(record);
    },
    forceFlush: () => batches.forceFlush(),
    shutdown: () => batches.shutdown(),
  };
  const loggerProvider = new LoggerProvider({
    resource: options.resource,
    processors: [...options.processors, processor],
    logRecordLimits: {
      attributeCountLimit: config.limits.attributeCount,
      attributeValueLengthLimit: config.limits.attributeValueLength,
    },
  });
  registerGlobals(loggerProvider, options.globals).forEach(notice);
  const finish = async (work: Promise<void>, timeoutMs: number): Promise<FlushResult> => {
    const before = ledger.deliveredCount;
    // Both reject after a time-out of their own, and say nothing of what was lost.
    await Promise.race([work.catch(() => undefined), delay(timeoutMs, undefined, { ref: false })]);
    const { pending } = ledger.stats(noSpool);
    return { delivered: ledger.deliveredCount - before, pending };
  };
  let ended: Promise<FlushResult> | undefined;
  return {
    loggerProvider,
    processor,
    flush: (timeoutMs = 10_000) => finish(loggerProvider.forceFlush(), timeoutMs),
    shutdown(timeoutMs = 4_000) {
      ended ??= finish(loggerProvider.shutdown(), timeoutMs);
      return ended;
    },
    adopt(logger) {
      if (!logger.transports.some((transport) => transport instanceof OpenTelemetryTransportV3)) {
        options.capture(logger);
        logger.add(new OpenTelemetryTransportV3({ severityMapping: config.severities }));
      }
    },
  };
}

export function createExporter(
  config: Config,
  endpoint: Endpoint,
  unreadable: (why: string) => void = () => undefined,
): LogRecordExporter {
  const file = (path: string | undefined) => {
    try {
      return path === undefined ? undefined : readFileSync(path);
    } catch (error) {
      // The connection will fail without it; that is no reason to end the application.
      unreadable(`${path} cannot be used (${(error as NodeJS.ErrnoException).code})`);
      return undefined;
    }
  };
  const tls = {
    ca: file(endpoint.certificate),
    key: file(endpoint.clientKey),
    cert: file(endpoint.clientCertificate),
  };
  return new OTLPLogExporter({
    url: endpoint.url,
    headers: { ...endpoint.headers },
    timeoutMillis: config.timeoutMs,
    // The exporter's enum is a string enum with these very values.
    compression: config.compression as never,
    httpAgentOptions: { keepAlive: true, ...tls },
  });
}

function redacting(exporter: LogRecordExporter, config: Config, ledger: Ledger): LogRecordExporter {
  if (config.redaction === false) {
    return exporter;
  }
  const redact = createReadableRedaction(config.redaction, (rule) => ledger.redacted(rule));
  return {
    export: (records, done) => exporter.export(records.map(redact), done),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
    shutdown: () => exporter.shutdown(),
  };
}

/** What the exporter reports is all that can be known: it counts a web page behind a 200 as delivered. */
function counting(
  exporter: LogRecordExporter,
  ledger: Ledger,
  failed: (count: number, error: unknown) => void,
): LogRecordExporter {
  return {
    export(records: ReadableLogRecord[], done) {
      exporter.export(records, (result) => {
        if (result.code === 0) {
          ledger.delivered(records.length, 0);
        } else {
          ledger.dropped('rejected', records.length);
          failed(records.length, result.error);
        }
        done(result);
      });
    },
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
    shutdown: () => exporter.shutdown(),
  };
}
