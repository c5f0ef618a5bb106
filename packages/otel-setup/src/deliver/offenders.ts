// Which records of a shipment Loki refused, by our own copy of its rules; how many, the server says.

import type { EntryRefusal } from './loki-texts.ts';
import type { DropReason } from './queue.ts';
import { type RecordFacts, readFacts } from './record-facts.ts';
import type { Shipment } from './shipment.ts';

export interface Offence {
  readonly reason: DropReason;
  readonly count: number;
  /** The records that break the rule, as far as we find them; at most `count`. */
  readonly indexes: readonly number[];
}

/** @param nowMs the server's wall clock where it told it, else ours. */
export function findOffenders(
  part: Pick<Shipment, 'batch' | 'from' | 'to'>,
  refusals: readonly EntryRefusal[],
  nowMs: number,
): Offence[] {
  const facts = readFacts(part.batch, part.from, part.to);
  const taken = new Set<number>();
  const offences: Offence[] = [];
  for (const refusal of refusals) {
    const room = facts.length - taken.size;
    const found = worstFirst(facts, refusal, nowMs, taken);
    const wanted = refusal.wholeStream ? room : (refusal.count ?? found.length);
    // A refusal stands for one record at least, whatever our own copy of the rule finds.
    const count = Math.min(room, Math.max(1, wanted));
    const indexes = found.slice(0, count);
    for (const index of indexes) taken.add(index);
    offences.push({ reason: refusal.reason, count, indexes: indexes.map((i) => i + part.from) });
    reserve(taken, count - indexes.length);
  }
  return offences.filter((offence) => offence.count > 0);
}

/** Counted without a name: nobody else may be counted in their place. */
function reserve(taken: Set<number>, count: number): void {
  for (let i = 0; i < count; i += 1) taken.add(-1 - taken.size);
}

function worstFirst(
  facts: readonly RecordFacts[],
  refusal: EntryRefusal,
  nowMs: number,
  taken: ReadonlySet<number>,
): number[] {
  const found: { index: number; excess: number }[] = [];
  for (const [index, fact] of facts.entries()) {
    const excess = refusal.excess(fact, nowMs);
    if (excess > 0 && !taken.has(index)) found.push({ index, excess });
  }
  return found.sort((a, b) => b.excess - a.excess).map((entry) => entry.index);
}
