// The receiver as a process of its own: it misbehaves as it is told, and remembers what arrived.

import { type Fault, type Inbox, type StoredRecord, startInbox } from 'otlp-inbox';
import { Arrivals, type Range, type Verdict } from './arrivals.ts';

export type Order =
  | { readonly type: 'faults'; readonly faults: readonly Fault[] }
  | { readonly type: 'down' }
  | { readonly type: 'up' }
  | { readonly type: 'judge'; readonly ranges: Readonly<Record<string, readonly Range[]>> };

export interface Tally {
  readonly arrived: number;
  readonly repeats: number;
  readonly altered: number;
  readonly disordered: number;
  /** Requests' statuses so far. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly rss: number;
}

export type Report =
  | { readonly type: 'listening'; readonly url: string }
  | ({ readonly type: 'tally' } & Tally)
  | { readonly type: 'verdict'; readonly verdicts: Readonly<Record<string, Verdict>> };

const arrivals = new Map<string, Arrivals>();
const statuses: Record<string, number> = {};
let inbox: Inbox | undefined;
let port = 0;

function take({ bytes, record, resource }: StoredRecord): void {
  const { nr, writer } = record.attributes;
  // The product's own, about gaps for instance, have no number.
  if (typeof nr !== 'number') return;
  const name = String(writer);
  let known = arrivals.get(name);
  if (known === undefined) {
    known = new Arrivals();
    arrivals.set(name, known);
  }
  known.add(nr, String(resource.attributes['service.instance.id']), bytes, resource.bytes);
}

async function up(): Promise<void> {
  inbox ??= await startInbox({
    port,
    rules: 'none',
    maxBytes: 256 * 1024,
    onRecord: take,
    onRequest: ({ status }) => {
      statuses[status] = (statuses[status] ?? 0) + 1;
    },
  });
  port = inbox.port;
}

function tally(): Tally {
  const all = [...arrivals.values()];
  const sum = (of: (one: Arrivals) => number): number =>
    all.reduce((total, one) => total + of(one), 0);
  return {
    arrived: sum(({ total }) => total),
    repeats: sum(({ repeats }) => repeats),
    altered: sum(({ altered }) => altered),
    disordered: sum(({ disordered }) => disordered),
    statuses,
    rss: process.memoryUsage.rss(),
  };
}

async function obey(order: Order): Promise<void> {
  switch (order.type) {
    case 'faults':
      await up();
      inbox?.setFault(order.faults.length === 0 ? undefined : order.faults);
      return;
    case 'down': {
      const closing = inbox;
      inbox = undefined;
      await closing?.close();
      return;
    }
    case 'up':
      await up();
      process.send?.({ type: 'listening', url: inbox?.url ?? '' } satisfies Report);
      return;
    case 'judge': {
      const verdicts = Object.fromEntries(
        Object.entries(order.ranges).map(([writer, ranges]) => [
          writer,
          (arrivals.get(writer) ?? new Arrivals()).judge(ranges),
        ]),
      );
      process.send?.({ type: 'tally', ...tally() } satisfies Report);
      process.send?.({ type: 'verdict', verdicts } satisfies Report);
    }
  }
}

// One after the other: a port must be free before it is taken again.
let busy: Promise<void> = Promise.resolve();
process.on('message', (order: Order) => {
  busy = busy.then(() => obey(order));
});
process.once('disconnect', () => process.exit());
setInterval(() => process.send?.({ type: 'tally', ...tally() } satisfies Report), 1_000);
