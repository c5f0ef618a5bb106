// The ledger as OpenTelemetry metrics, on the meter provider of init() or the application's global one.

import type {
  Attributes,
  BatchObservableResult,
  Histogram,
  Meter,
  MeterProvider,
  Observable,
} from '@opentelemetry/api';
import type { Notice } from '../errors.ts';
import type { Clock } from '../world.ts';
import {
  type InstrumentName,
  type InstrumentRow,
  instruments,
  operationDuration,
} from './instruments.ts';
import { observe } from './observe.ts';
import type { Stats } from './stats.ts';

/** How one request to the endpoint ended. */
export interface RequestEnd {
  readonly seconds: number;
  /** Of the answer; undefined where none came. */
  readonly status: number | undefined;
  /** Why not all was stored, in one word; undefined where it was. */
  readonly errorType: string | undefined;
}

export interface MetricsOptions {
  /** Of init(); else the application's global one, whenever it is registered. */
  readonly meterProvider: MeterProvider | undefined;
  readonly version: string;
  readonly endpointUrl: string;
  readonly stats: () => Stats;
  readonly clock: Clock;
  notice(notice: Notice): void;
}

/** The global of every 1.x API; our own copy would not find the provider of an application on 1.9. */
const apiSymbol = Symbol.for('opentelemetry.js.api.1');

// A provider that is registered after init() is also looked for at each request.
const looksMs = [0, 1_000, 10_000, 60_000] as const;

export class Metrics {
  readonly #options: MetricsOptions;
  readonly #server: Attributes;
  #bound: MeterProvider | undefined;
  #release: (() => void) | undefined;
  #duration: Histogram | undefined;
  #inFlight = 0;

  constructor(options: MetricsOptions) {
    const { hostname, port, protocol } = new URL(options.endpointUrl);
    const defaultPort = protocol === 'https:' ? 443 : 80;
    this.#options = options;
    this.#server = {
      'otel.component.type': 'otlp_http_log_exporter',
      'otel.component.name': 'otlp_http_log_exporter/otel-setup',
      'server.address': hostname.replace(/^\[|\]$/g, ''),
      'server.port': port === '' ? defaultPort : Number(port),
    };
    this.#look();
    if (options.meterProvider === undefined) this.#lookLater(0);
  }

  /** A request with so many records goes out. */
  started(records: number): void {
    this.#inFlight += records;
  }

  ended(records: number, end: RequestEnd): void {
    this.#inFlight -= records;
    this.#look();
    const attributes: Attributes = { ...this.#server };
    if (end.status !== undefined) attributes['http.response.status_code'] = end.status;
    if (end.errorType !== undefined) attributes['error.type'] = end.errorType;
    this.#guard(() => this.#duration?.record(end.seconds, attributes));
  }

  #look(): void {
    const provider = this.#options.meterProvider ?? globalProvider();
    if (provider === this.#bound) return;
    this.#guard(() => this.#release?.());
    this.#release = undefined;
    this.#duration = undefined;
    this.#bound = provider;
    if (provider !== undefined) this.#guard(() => this.#bind(provider));
  }

  #lookLater(index: number): void {
    const delayMs = looksMs[index];
    if (delayMs === undefined || this.#bound !== undefined) return;
    const timer = this.#options.clock.setTimeout(() => {
      this.#look();
      this.#lookLater(index + 1);
    }, delayMs);
    timer.unref();
  }

  #bind(provider: MeterProvider): void {
    const meter = provider.getMeter('otel-setup', this.#options.version);
    const names = Object.keys(instruments) as InstrumentName[];
    const created = new Map(names.map((name) => [name, create(meter, instruments[name])]));
    const all = [...created.values()];
    const callback = (result: BatchObservableResult): void => {
      const figures = { stats: this.#options.stats(), inFlight: this.#inFlight };
      observe(figures, this.#server, (name, value, attributes) => {
        const instrument = created.get(name);
        if (instrument !== undefined) result.observe(instrument, value, attributes);
      });
    };
    const { name, ...rest } = operationDuration;
    this.#duration = meter.createHistogram(name, rest);
    meter.addBatchObservableCallback(callback, all);
    this.#release = () => meter.removeBatchObservableCallback(callback, all);
  }

  /** What a provider of the application throws never reaches the application by way of us. */
  #guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#options.notice({
        code: 'OTEL_SETUP_METRICS',
        level: 'warn',
        message:
          `The meter provider threw (${error instanceof Error ? error.name : typeof error}): metrics of otel-setup are not complete. ` +
          'Logs are not concerned; stats() has the same figures.',
      });
    }
  }
}

function create(meter: Meter, { name, kind, unit, description }: InstrumentRow): Observable {
  const options = { unit, description };
  if (kind === 'counter') return meter.createObservableCounter(name, options);
  if (kind === 'gauge') return meter.createObservableGauge(name, options);
  return meter.createObservableUpDownCounter(name, options);
}

function globalProvider(): MeterProvider | undefined {
  return (globalThis as { [apiSymbol]?: { metrics?: MeterProvider } })[apiSymbol]?.metrics;
}
