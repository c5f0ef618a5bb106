// A record as Loki would store it, and as it was sent.

import type { DecodedLogRecord, DecodedResource, DecodedScope } from './decode/logs.ts';
import type { Entry } from './loki/entry.ts';

export interface StoredRecord {
  /** Loki's index labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** Loki's structured metadata as a query shows it, `detected_level` included. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly line: string;
  /** Loki's `detected_level`. */
  readonly level: string;
  readonly timestampNs: bigint;
  readonly record: DecodedLogRecord;
  readonly resource: DecodedResource;
  readonly scope: DecodedScope;
  /** The LogRecord as it was sent. */
  readonly bytes: Uint8Array;
  /** The inbox holds an equal record already: Loki stores such a repeat once its head block is cut. */
  readonly duplicate: boolean;
  /** `n` of the request that brought it. */
  readonly requestNumber: number;
}

/** A record before it is stored. */
export type Candidate = Omit<StoredRecord, 'duplicate' | 'requestNumber'>;

export function candidateOf(entry: Entry): Candidate {
  const { labels, metadata, line, level, timestampNs, record, source } = entry;
  const { resource, scope } = source;
  const { bytes } = record;
  return { labels, metadata, line, level, timestampNs, record, resource, scope, bytes };
}

/** About what a record takes in memory: its text twice, and the objects around it (measured). */
export function footprint(record: StoredRecord): number {
  return 1536 + record.bytes.byteLength * 2;
}
