// A record on its way into Loki, and what Loki says to it.

import type { DecodedLogRecord, DecodedLogs } from '../decode/logs.ts';
import type { LokiLimits } from './limits.ts';
import type { Labels, Pair } from './mapping.ts';

export interface Entry {
  readonly source: DecodedLogs;
  readonly record: DecodedLogRecord;
  readonly labels: Labels;
  /** `{a="1", b="2"}` */
  readonly stream: string;
  readonly timestampNs: bigint;
  readonly line: string;
  readonly lineBytes: number;
  /** As Loki counts it against its limits: with repeated names and empty values. */
  readonly pairs: readonly Pair[];
  readonly pairBytes: number;
  /** As a query shows it, `detected_level` included. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly level: string;
}

export function entryBytes(entry: Entry): number {
  return entry.lineBytes + entry.pairBytes;
}

/** Two entries that Loki cannot tell apart, given that they are of one stream. */
export function isSameEntry(one: Entry, other: Entry): boolean {
  return (
    one.timestampNs === other.timestampNs &&
    one.line === other.line &&
    isSameMetadata(one.metadata, other.metadata)
  );
}

export function isSameMetadata(
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>,
): boolean {
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every((name) => Object.hasOwn(other, name) && one[name] === other[name]);
}

/** Why Loki refuses something: the answer's status and words. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** What became of a request. */
export interface Verdict {
  readonly status: number;
  /** The answer's text, '' with a 204. */
  readonly message: string;
  /** In the order in which they were stored. */
  readonly stored: readonly Entry[];
  readonly duplicates: readonly Entry[];
  readonly rejected: number;
}

export interface PushContext {
  readonly limits: Readonly<LokiLimits>;
  /** Wall time in ms since the epoch. */
  readonly nowMs: number;
  readonly tenant: string;
}
