// One record that is too large for the endpoint: a shortened, marked copy goes in its place.

import type { Outcome } from './outcome.ts';
import { type Carrier, type Shipment, singleRecord } from './shipment.ts';

/** What is this small is not refused for its size, whatever the status says. */
export const smallBytes = 4096;
const smallestCopyBytes = 1024;
const nothing = { resource: new Uint8Array(0), scope: new Uint8Array(0) };

/** Tries copies of half the size and less; the quarantine takes a record that never fits. */
export async function sendShortened(
  carrier: Carrier,
  shipment: Shipment,
  words: string,
): Promise<void> {
  const { batch, from } = shipment;
  const payload = batch.bytes.subarray(batch.starts[from] ?? 0, batch.ends[from] ?? 0);
  if (payload.length <= smallBytes) {
    carrier.keep({ type: 'probe', trouble: 'client-error', words });
    return;
  }
  let maxBytes = firstTry(payload.length, carrier.largestPassed);
  while (maxBytes >= smallestCopyBytes) {
    const copy = carrier.line.options.truncate(payload, maxBytes);
    if (copy === undefined) break;
    const outcome = await postCopy(carrier, shipment, copy);
    if (outcome === undefined) return;
    if (outcome.type !== 'halve') {
      finish(carrier, shipment, outcome, maxBytes);
      return;
    }
    maxBytes = Math.floor(maxBytes / 2);
  }
  carrier.line.tell('oversized', words);
  carrier.giveUp(shipment, from, 'too_large', words);
}

/** What passed before is a better guess than half, where it lies between. */
function firstTry(size: number, largestPassed: number): number {
  const half = Math.floor(size / 2);
  return largestPassed > half && largestPassed < size * 0.9 ? largestPassed : half;
}

function postCopy(
  carrier: Carrier,
  shipment: Shipment,
  copy: Uint8Array,
): Promise<Outcome | undefined> {
  const definition = shipment.batch.definitions[shipment.from] ?? nothing;
  return carrier.post(singleRecord(copy, 0, definition), 0, 1);
}

function finish(carrier: Carrier, shipment: Shipment, outcome: Outcome, maxBytes: number): void {
  switch (outcome.type) {
    case 'settle':
    case 'entries':
      carrier.line.options.report.truncated(1, shipment.queue.adopted);
      carrier.line.tell('truncated', `to ${maxBytes} bytes`);
      carrier.settle(shipment, outcome);
      return;
    case 'bisect':
      carrier.line.tell(outcome.trouble, outcome.words);
      carrier.giveUp(shipment, shipment.from, 'rejected', outcome.words);
      return;
    case 'keep':
    case 'probe':
      carrier.keep(outcome);
      return;
    case 'halve':
      return;
  }
}
