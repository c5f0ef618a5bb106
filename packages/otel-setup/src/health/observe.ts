// Which figure of the ledger each instrument shows, and under which attributes.

import type { Attributes } from '@opentelemetry/api';
import type { InstrumentName } from './instruments.ts';
import type { DropReason, RecordCounts, Stats } from './stats.ts';

export interface Figures {
  readonly stats: Stats;
  readonly inFlight: number;
}

type Observe = (name: InstrumentName, value: number, attributes?: Attributes) => void;

const processor: Attributes = {
  'otel.component.type': 'otel_setup_log_processor',
  'otel.component.name': 'otel_setup_log_processor/0',
};

/** Reasons that are the endpoint's; for the others no request was made. */
const refusals: ReadonlySet<string> = new Set<DropReason>([
  'rejected',
  'too_large',
  'too_old',
  'too_new',
  'too_far_behind',
  'partial_success',
]);

// What a record takes in the spool beside its bytes, and its bytes as long as there was none.
const frameBytes = 24;
const usualBytes = 300;

/** @param exporter the exporter's attributes. */
export function observe(figures: Figures, exporter: Attributes, tell: Observe): void {
  const { stats } = figures;
  const { adopted, bytes, spool } = stats;
  tell('created', stats.accepted);
  settled('processed', stats, processor, tell);
  tell('queueSize', stats.pending, processor);
  tell('queueCapacity', capacityOf(stats), processor);
  exported(stats, exporter, tell);
  tell('inflight', figures.inFlight, exporter);
  tell('spoolSize', spool.diskBytes);
  tell('spoolLimit', spool.maxBytes);
  tell('oldestAge', (spool.oldestMs ?? 0) / 1000);
  if (stats.lastSuccess !== undefined) {
    tell('lastSuccess', stats.lastSuccess.getTime() / 1000, exporter);
  }
  tell('adoptedFound', adopted.accepted);
  settled('adoptedProcessed', adopted, {}, tell);
  tell('adoptedQueueSize', adopted.pending);
  each('filtered', stats.processed, 'otel_setup.rule', tell);
  each('redacted', stats.redacted, 'otel_setup.rule', tell);
  each('changed', stats.changed, 'otel_setup.change', tell);
  tell('sent', bytes.sent, exporter);
  tell('billed', bytes.billed, exporter);
  tell('streams', stats.streams, exporter);
}

function settled(
  name: InstrumentName,
  counts: RecordCounts,
  attributes: Attributes,
  tell: Observe,
): void {
  tell(name, counts.delivered, attributes);
  for (const [reason, count] of Object.entries(counts.dropped)) {
    tell(name, count, { ...attributes, 'error.type': reason });
  }
}

function exported(
  { adopted, delivered, dropped }: Stats,
  exporter: Attributes,
  tell: Observe,
): void {
  tell('exported', delivered + adopted.delivered, exporter);
  for (const reason of refusals as ReadonlySet<DropReason>) {
    const count = (dropped[reason] ?? 0) + (adopted.dropped[reason] ?? 0);
    if (count > 0) tell('exported', count, { ...exporter, 'error.type': reason });
  }
}

function each(
  name: InstrumentName,
  counts: Readonly<Record<string, number>>,
  attribute: string,
  tell: Observe,
): void {
  for (const [key, count] of Object.entries(counts)) tell(name, count, { [attribute]: key });
}

function capacityOf({ accepted, bytes, spool }: Stats): number {
  const mean = accepted === 0 ? usualBytes : bytes.encoded / accepted;
  return Math.floor(spool.maxBytes / (mean + frameBytes));
}
