// What Loki's rules look at in a stored record: its time, and the size of its line and metadata.

import type { Batch, Definition } from '../record/batch.ts';
import { readFields } from './proto-reader.ts';

export interface RecordFacts {
  /** Ms since the epoch: the record's time, else when it was observed; 0 where neither is set. */
  readonly timeMs: number;
  readonly lineBytes: number;
  readonly metadataBytes: number;
  readonly metadataCount: number;
}

interface Metadata {
  bytes: number;
  count: number;
}

/** Facts of each record in [from, to). Sizes of values that are no strings are estimates. */
export function readFacts(batch: Batch, from: number, to: number): RecordFacts[] {
  const shared = new Map<Definition, Metadata>();
  const facts: RecordFacts[] = [];
  for (let i = from; i < to; i += 1) {
    const definition = batch.definitions[i];
    let common = definition === undefined ? undefined : shared.get(definition);
    if (common === undefined) {
      common = definitionMetadata(definition);
      if (definition !== undefined) shared.set(definition, common);
    }
    facts.push(readRecord(batch.bytes, batch.starts[i] ?? 0, batch.ends[i] ?? 0, common));
  }
  return facts;
}

// severity_text, severity_number, trace_id, span_id, flags, observed_timestamp and the like.
const ownFieldBytes: Readonly<Record<number, number>> = {
  2: 17,
  3: 13,
  7: 24,
  8: 6,
  9: 40,
  10: 23,
  11: 37,
  12: 10,
};

function readRecord(bytes: Uint8Array, start: number, end: number, common: Metadata): RecordFacts {
  const metadata: Metadata = { ...common };
  const times = { set: 0, observed: 0 };
  let lineBytes = 0;
  readFields(bytes, start, end, (field, wire, _value, from, to) => {
    if (wire === 1) readTime(times, field, bytes, from);
    if (field === 5 && wire === 2) lineBytes = valueBytes(bytes, from, to);
    if (field === 6 && wire === 2) addAttribute(metadata, bytes, from, to, 0);
    else addOwnField(metadata, field, wire === 2 ? to - from : 0);
  });
  return {
    timeMs: times.set > 0 ? times.set : times.observed,
    lineBytes,
    metadataBytes: metadata.bytes,
    metadataCount: metadata.count,
  };
}

function addOwnField(metadata: Metadata, field: number, bytes: number): void {
  const own = ownFieldBytes[field];
  if (own !== undefined) add(metadata, own + bytes);
}

function readTime(
  times: { set: number; observed: number },
  field: number,
  bytes: Uint8Array,
  at: number,
): void {
  if (field === 1) times.set = fixedMs(bytes, at);
  if (field === 11) times.observed = fixedMs(bytes, at);
}

/** What each record carries of its resource and scope. Index labels count in too: some 18 names. */
function definitionMetadata(definition: Definition | undefined): Metadata {
  const metadata: Metadata = { bytes: 0, count: 0 };
  if (definition === undefined) return metadata;
  inner(definition.resource, (bytes, from, to) => {
    readFields(bytes, from, to, (field, wire, _value, start, end) => {
      if (field === 1 && wire === 2) addAttribute(metadata, bytes, start, end, 0);
    });
  });
  inner(definition.scope, (bytes, from, to) => {
    readFields(bytes, from, to, (field, wire, _value, start, end) => {
      if (field === 3 && wire === 2) addAttribute(metadata, bytes, start, end, 0);
      else if (wire === 2) add(metadata, 12 + end - start);
    });
  });
  return metadata;
}

function inner(
  bytes: Uint8Array,
  visit: (bytes: Uint8Array, from: number, to: number) => void,
): void {
  readFields(bytes, 0, bytes.length, (field, wire, _value, from, to) => {
    if (field === 1 && wire === 2) visit(bytes, from, to);
  });
}

/** One KeyValue; maps flatten into one entry per leaf, as Loki does. */
function addAttribute(
  metadata: Metadata,
  bytes: Uint8Array,
  start: number,
  end: number,
  prefix: number,
): void {
  let keyBytes = prefix;
  let valueStart = end;
  let valueEnd = end;
  readFields(bytes, start, end, (field, wire, _value, from, to) => {
    if (field === 1 && wire === 2) keyBytes += to - from;
    if (field === 2 && wire === 2) [valueStart, valueEnd] = [from, to];
  });
  let isMap = false;
  readFields(bytes, valueStart, valueEnd, (field, wire, _value, from, to) => {
    if (field !== 6 || wire !== 2 || prefix > 4096) return;
    isMap = true;
    readFields(bytes, from, to, (innerField, innerWire, _inner, at, until) => {
      if (innerField === 1 && innerWire === 2)
        addAttribute(metadata, bytes, at, until, keyBytes + 1);
    });
  });
  if (!isMap) add(metadata, keyBytes + valueBytes(bytes, valueStart, valueEnd));
}

function add(metadata: Metadata, bytes: number): void {
  metadata.bytes += bytes;
  metadata.count += 1;
}

/** Bytes of an AnyValue as text: exact for strings, an estimate else. */
function valueBytes(bytes: Uint8Array, start: number, end: number): number {
  let size = 0;
  readFields(bytes, start, end, (field, wire, _value, from, to) => {
    if (field === 7) size = Math.ceil((to - from) / 3) * 4;
    else size = wire === 2 ? to - from : 8;
  });
  return size;
}

function fixedMs(bytes: Uint8Array, at: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 8);
  return (view.getUint32(4, true) * 2 ** 32 + view.getUint32(0, true)) / 1e6;
}
