// What init() takes and gives.

import type { MeterProvider } from '@opentelemetry/api';
import type { ResourceDetector } from '@opentelemetry/resources';
import type { LoggerProvider, LogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { Logger } from 'winston';
import type { ConfigOptions } from './config/config-options.ts';
import type { Notice } from './errors.ts';
import type { Stats } from './health/stats.ts';

/** Everything the environment can say, and what it cannot. Code beats environment beats default. */
export interface InitOptions extends ConfigOptions {
  /**
   * A winston logger of the application's own: it stays as it is and gets one more transport.
   * Of a child, the logger it was made of does.
   * @default a new logger with npm's levels, and a console as `console` says
   */
  readonly logger?: Logger | undefined;
  /**
   * OpenTelemetry processors that see each record first, in this order; what they change is what is sent.
   * flush() and shutdown() take them along. Without a route they get nothing.
   * @default none; winston's records then go to the encoder by the shortest way
   */
  readonly processors?: readonly LogRecordProcessor[] | undefined;
  /**
   * OpenTelemetry detectors, for instance those of `@opentelemetry/resource-detector-aws`, run at
   * start for 2 s at most. What they find joins the resource of later records, index labels excepted;
   * what the options, the environment or the platform say wins.
   * @default none
   */
  readonly resourceDetectors?: readonly ResourceDetector[] | undefined;
  /**
   * Where the ledger is shown as metrics: OpenTelemetry's `otel.sdk.*`, and `otel_setup.*`.
   * @default the application's global one, even when it is registered later
   */
  readonly meterProvider?: MeterProvider | undefined;
  /** Is told every notice, printed or not. What it throws is caught. */
  readonly onNotice?: ((notice: Notice) => void) | undefined;
  /**
   * Throw `ConfigError` for a wrong environment, too.
   * @default false: a notice tells all problems, and the application runs on
   */
  readonly strict?: boolean | undefined;
}

/** How far a flush came. */
export interface FlushResult {
  /** Records that the endpoint confirmed meanwhile. On the route `alloy`: handed to Alloy. */
  readonly delivered: number;
  /** Records still waiting: on disk, or with `memory` durability in memory. */
  readonly pending: number;
}

/** The one pipeline of this process (of this thread, in a worker thread). */
export interface Telemetry {
  /** A winston logger: made by `init()`, or the one given to it. */
  readonly logger: Logger;
  /** Where records go: to Grafana Cloud or a Loki, to Grafana Alloy, or to the console only. */
  readonly route: 'direct' | 'alloy' | 'none';
  /** For any other OpenTelemetry log source. */
  readonly loggerProvider: LoggerProvider;
  /** To hand to NodeSDK or to a LoggerProvider of one's own. */
  readonly processor: LogRecordProcessor;
  /**
   * Waits until what is pending now is delivered. Never rejects.
   * @param timeoutMs milliseconds from 0 up; anything else counts as the default
   * @default timeoutMs 10,000
   */
  flush(timeoutMs?: number): Promise<FlushResult>;
  /**
   * Delivers what it can within the time, then for at most 2 s of it what an earlier process left, and
   * stops sending. Never rejects; a second call gives the first one's promise. Records logged later still go to disk, for the next start.
   * @param timeoutMs milliseconds from 0 up; anything else counts as the default
   * @default timeoutMs 4,000
   */
  shutdown(timeoutMs?: number): Promise<FlushResult>;
  /** The ledger: `accepted` = `delivered` + `pending` + the sum of `dropped`, at every moment. */
  stats(): Stats;
}
