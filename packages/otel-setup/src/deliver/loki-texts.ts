// Loki's texts for entries that it refuses while it stores the rest of a request
// (grafana/loki pkg/validation/validate.go, pkg/ingester/stream.go).

import type { DropReason } from './queue.ts';
import type { RecordFacts } from './record-facts.ts';

/** One kind of refusal in an answer, with the server's count. */
export interface EntryRefusal {
  readonly reason: DropReason;
  /** The server's own text for it, the first where there are several. */
  readonly text: string;
  /** How many entries the server says it refused; undefined where the text is cut off. */
  readonly count: number | undefined;
  /** The stream's labels are refused: every record of the request. */
  readonly wholeStream: boolean;
  /**
   * An ingester's verdict replaces what the distributor refused before: of the records sent, only
   * so many had passed the distributor. Undefined for the distributor's own verdicts.
   */
  readonly outOf: number | undefined;
  /**
   * How far a record breaks the rule: above 0 it does, and the larger the worse. `nowMs` is the
   * server's time.
   */
  readonly excess: (facts: RecordFacts, nowMs: number) => number;
}

interface KnownText {
  readonly pattern: RegExp;
  readonly reason: DropReason;
  readonly wholeStream?: true;
  readonly excess: (facts: RecordFacts, nowMs: number, text: string) => number;
}

const tenMinutesMs = 10 * 60_000;

const knownTexts: readonly KnownText[] = [
  {
    pattern: /has timestamp too old/i,
    reason: 'too_old',
    excess: (facts, nowMs, text) => beforeCutoff(facts, text, nowMs - 7 * 24 * 3_600_000),
  },
  {
    pattern: /has timestamp too new/i,
    reason: 'too_new',
    excess: (facts, nowMs) => facts.timeMs - (nowMs + tenMinutesMs),
  },
  {
    pattern: /entry too far behind|entry out of order/i,
    reason: 'too_far_behind',
    excess: (facts, _nowMs, text) => beforeCutoff(facts, text, Number.NEGATIVE_INFINITY),
  },
  {
    pattern: /max entry size .*exceeded/i,
    reason: 'too_large',
    excess: (facts, _nowMs, text) =>
      facts.lineBytes - numberAfter(text, /max entry size '(\d+)'/i, 262_144),
  },
  {
    pattern: /has structured metadata too large/i,
    reason: 'too_large',
    excess: (facts, _nowMs, text) =>
      facts.metadataBytes - numberAfter(text, /limit: '(\d+)'/i, 65_536),
  },
  {
    pattern: /has too many structured metadata labels/i,
    reason: 'rejected',
    excess: (facts, _nowMs, text) =>
      facts.metadataCount - numberAfter(text, /limit: '(\d+)'/i, 128),
  },
  {
    pattern:
      /has label (value|name) too long|label names; limit|duplicate label name|missing required labels|at least one label pair/i,
    reason: 'rejected',
    wholeStream: true,
    excess: () => 1,
  },
];

/** What a 400 says about single entries; empty where its text is none of Loki's. */
export function readRefusals(text: string, cut: boolean): EntryRefusal[] {
  const refusals: EntryRefusal[] = [];
  // Several kinds in one answer read "3 errors like: ...; 2 errors like: ...".
  for (const part of text.split(/; (?=\d+ errors like: )/)) {
    const known = knownTexts.find((k) => k.pattern.test(part));
    if (known === undefined) continue;
    refusals.push({
      reason: known.reason,
      text: part,
      outOf: outOf(part),
      count: cut ? undefined : countIn(part),
      wholeStream: known.wholeStream === true,
      excess: (facts, nowMs) => known.excess(facts, nowMs, part),
    });
  }
  return merged(refusals);
}

/** Texts carry times and sizes, so one kind comes in many groups: one refusal per reason. */
function merged(refusals: readonly EntryRefusal[]): EntryRefusal[] {
  const byReason = new Map<string, EntryRefusal>();
  for (const refusal of refusals) {
    const key = `${refusal.reason} ${refusal.wholeStream}`;
    const before = byReason.get(key);
    byReason.set(key, before === undefined ? refusal : both(before, refusal));
  }
  return [...byReason.values()];
}

function both(a: EntryRefusal, b: EntryRefusal): EntryRefusal {
  const counted = a.count !== undefined && b.count !== undefined;
  return {
    ...a,
    count: counted ? (a.count ?? 0) + (b.count ?? 0) : undefined,
    excess: (facts, nowMs) => Math.max(a.excess(facts, nowMs), b.excess(facts, nowMs)),
  };
}

function countIn(part: string): number {
  const total = /total ignored: (\d+) out of/.exec(part);
  const like = /^(?:.*?\b)?(\d+) errors like: /s.exec(part);
  return Number(total?.[1] ?? like?.[1] ?? 1);
}

function outOf(part: string): number | undefined {
  const total = /total ignored: \d+ out of (\d+)/.exec(part);
  return total === null ? undefined : Number(total[1]);
}

/** What the distributor refuses by its default limits, when its own words are hidden. */
export function hiddenRefusals(): EntryRefusal[] {
  return knownTexts
    .filter((known) => known.reason !== 'too_far_behind' && known.wholeStream !== true)
    .map((known) => ({
      reason: known.reason,
      text: `refused before the ingester (${known.reason})`,
      outOf: undefined,
      count: undefined,
      wholeStream: false,
      excess: (facts, nowMs) => known.excess(facts, nowMs, ''),
    }));
}

/** Ms before the oldest time that the server accepts, as it says itself; it prints whole seconds. */
function beforeCutoff(facts: RecordFacts, text: string, fallbackMs: number): number {
  let cutoff = fallbackMs;
  for (const match of text.matchAll(/oldest acceptable timestamp is: ([\dT:.Z+-]+)/g)) {
    const time = Date.parse(match[1] ?? '');
    if (!Number.isNaN(time)) cutoff = Math.max(cutoff, time + 1000);
  }
  return cutoff - facts.timeMs;
}

function numberAfter(text: string, pattern: RegExp, fallback: number): number {
  return Number(pattern.exec(text)?.[1] ?? fallback);
}
