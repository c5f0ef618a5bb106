// A meter provider that is read at once, so that metrics and stats() are of the same moment.

import type {
  BatchObservableCallback,
  MeterProvider,
  Observable,
  ObservableResult,
} from '@opentelemetry/api';
import type { Counts } from '../oracle/samples.ts';

type Batch = (result: {
  observe(instrument: Observable, value: number, attributes?: Record<string, unknown>): void;
}) => void;

interface Named extends Observable {
  readonly name: string;
}

export class InstantMeter {
  readonly #callbacks = new Set<Batch>();

  /** Only what is used of a provider. */
  readonly provider: MeterProvider = {
    getMeter: () => ({
      createObservableCounter: named,
      createObservableGauge: named,
      createObservableUpDownCounter: named,
      createHistogram: () => ({ record: () => undefined }),
      addBatchObservableCallback: (callback: BatchObservableCallback) => {
        this.#callbacks.add(callback as unknown as Batch);
      },
      removeBatchObservableCallback: (callback: BatchObservableCallback) => {
        this.#callbacks.delete(callback as unknown as Batch);
      },
    }),
  } as unknown as MeterProvider;

  /** The ledger as the metrics tell it; undefined while nothing is measured. */
  read(): Counts | undefined {
    if (this.#callbacks.size === 0) return undefined;
    const counts = { accepted: 0, delivered: 0, pending: 0, dropped: {} as Record<string, number> };
    for (const callback of this.#callbacks) {
      callback({
        observe: (instrument, value, attributes = {}) => {
          const reason = attributes['error.type'];
          switch ((instrument as Named).name) {
            case 'otel.sdk.log.created':
              counts.accepted = value;
              break;
            case 'otel.sdk.processor.log.queue.size':
              counts.pending = value;
              break;
            case 'otel.sdk.processor.log.processed':
              if (reason === undefined) counts.delivered = value;
              else counts.dropped[String(reason)] = value;
              break;
            default:
          }
        },
      });
    }
    return counts;
  }
}

function named(name: string): Named {
  return { name, addCallback: () => undefined, removeCallback: () => undefined } as Named & {
    addCallback(callback: (result: ObservableResult) => void): void;
  };
}
