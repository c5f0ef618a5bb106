// Which records of a shipment Loki refused, by our own copy of its rules; how many, the server says.

import { type EntryRefusal, hiddenRefusals } from './loki-texts.ts';
import type { DropReason } from './queue.ts';
import { type RecordFacts, readFacts } from './record-facts.ts';
import type { Shipment } from './shipment.ts';

export interface Offence {
  readonly reason: DropReason;
  readonly count: number;
  /** The records that break the rule, as far as we find them; at most `count`. */
  readonly indexes: readonly number[];
  readonly words: string;
  readonly wholeStream: boolean;
}

/** @param nowMs the server's wall clock where it told it, else ours. */
export function findOffenders(
  part: Pick<Shipment, 'batch' | 'from' | 'to'>,
  refusals: readonly EntryRefusal[],
  nowMs: number,
): Offence[] {
  const search = new Search(readFacts(part.batch, part.from, part.to), nowMs);
  const outOf = refusals.find((refusal) => refusal.outOf !== undefined)?.outOf;
  const offences: Offence[] = [];
  if (outOf !== undefined) {
    let hidden = part.to - part.from - outOf;
    for (const refusal of hiddenRefusals()) {
      const offence = search.find(refusal, Math.max(0, hidden));
      hidden -= offence.count;
      offences.push(offence);
    }
  }
  for (const refusal of refusals) offences.push(search.findNamed(refusal));
  return offences
    .filter((offence) => offence.count > 0)
    .map((offence) => ({ ...offence, indexes: offence.indexes.map((i) => i + part.from) }));
}

class Search {
  readonly #facts: readonly RecordFacts[];
  readonly #nowMs: number;
  readonly #taken = new Set<number>();
  #room: number;

  constructor(facts: readonly RecordFacts[], nowMs: number) {
    this.#facts = facts;
    this.#nowMs = nowMs;
    this.#room = facts.length;
  }

  /** At most `most` records that break the rule, the worst first. */
  find(refusal: EntryRefusal, most: number): Offence {
    const indexes = this.#worstFirst(refusal).slice(0, Math.min(most, this.#room));
    for (const index of indexes) this.#taken.add(index);
    return this.#offence(refusal, indexes.length, indexes);
  }

  /** As many as the server says, also where we find fewer; one at least. */
  findNamed(refusal: EntryRefusal): Offence {
    const wanted = refusal.wholeStream ? this.#room : refusal.count;
    const before = this.#room;
    const found = this.find(refusal, wanted ?? this.#room);
    this.#room = before;
    const count = Math.min(before, Math.max(1, wanted ?? found.count));
    return this.#offence(refusal, count, found.indexes);
  }

  #offence(refusal: EntryRefusal, count: number, indexes: readonly number[]): Offence {
    this.#room -= count;
    const { reason, text, wholeStream } = refusal;
    return { reason, count, indexes, words: text, wholeStream };
  }

  #worstFirst(refusal: EntryRefusal): number[] {
    const found: { index: number; excess: number }[] = [];
    for (const [index, facts] of this.#facts.entries()) {
      const excess = refusal.excess(facts, this.#nowMs);
      if (excess > 0 && !this.#taken.has(index)) found.push({ index, excess });
    }
    return found.sort((a, b) => b.excess - a.excess).map((entry) => entry.index);
  }
}
