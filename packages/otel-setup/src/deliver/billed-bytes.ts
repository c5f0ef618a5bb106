// What Loki counts a request for when it takes it in (grafana/loki pkg/loghttp/push/otlp.go): each line with its own
// structured metadata, and once a request what all its records share.

import type { Batch, Definition } from '../record/batch.ts';
import { indexLabels } from '../record/resource.ts';
import { readFields } from './proto-reader.ts';
import { attributeBytes, valueTextBytes } from './value-text.ts';

// Reading a record takes twice as long as encoding one: a large request is extrapolated from a part of it.
const mostExact = 64;
const mostRead = 16;

// V8 compiles a hot loop together with the function it stands in: those over all records stand in small ones.

/** Bytes of records [from, to): exact for up to 64 records, but for numbers and lists inside of lists. */
export function billedBytes(batch: Batch, from: number, to: number): number {
  const count = to - from;
  // Odd, so that records that take turns are both read.
  const step = count > mostExact ? Math.ceil(count / mostRead) | 1 : 1;
  let read = 0;
  let counted = 0;
  for (let i = from; i < to; i += step) {
    const start = batch.starts[i] ?? 0;
    const end = batch.ends[i] ?? 0;
    read += end - start;
    counted += recordBytes(batch.bytes, start, end);
  }
  const records = read === 0 ? 0 : (counted / read) * encodedBytes(batch, from, to);
  return Math.round(sharedBytes(batch, from, to) + records);
}

function encodedBytes({ starts, ends }: Batch, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i += 1) sum += (ends[i] ?? 0) - (starts[i] ?? 0);
  return sum;
}

function sharedBytes(batch: Batch, from: number, to: number): number {
  const scopes = scopesOf(batch, from, to);
  return scopes.reduce((sum, each) => sum + scopeBytes(each), resourceBytes(scopes[0]));
}

/** One for each run of records of one scope. */
function scopesOf({ definitions }: Batch, from: number, to: number): Definition[] {
  const scopes: Definition[] = [];
  let last: Definition | undefined;
  for (let i = from; i < to; i += 1) {
    const definition = definitions[i];
    if (definition === last || definition === undefined) continue;
    scopes.push(definition);
    last = definition;
  }
  return scopes;
}

/** The index labels of a resource as text: equal for records of one stream. */
export function streamOf(definition: Definition | undefined): string {
  const labels: string[] = [];
  readAttributes(definition?.resource, 1, (name, bytes, start, end) => {
    if (indexLabels.has(name)) labels.push(Buffer.from(bytes.subarray(start, end)).toString());
  });
  return labels.sort().join();
}

// The names that Loki gives to a record's own fields, by field number.
const names: ReadonlyMap<number, number> = new Map([
  [2, 'severity_number'.length],
  [3, 'severity_text'.length],
  [7, 'dropped_attributes_count'.length],
  [8, 'flags'.length],
  [9, 'trace_id'.length],
  [10, 'span_id'.length],
  [12, 'event_name'.length],
]);
const observed = 'observed_timestamp'.length + 19;

function recordBytes(bytes: Uint8Array, from: number, to: number): number {
  let sum = 0;
  let times = 0;
  readFields(bytes, from, to, (field, wire, value, start, end) => {
    if (field === 5) sum += valueTextBytes(bytes, start, end);
    else if (field === 6) sum += attributeBytes(bytes, start, end);
    else if (wire !== 1) sum += ownBytes(field, wire, wire === 5 ? (bytes[start] ?? 0) : value);
    else if (!isZero(bytes, start, end)) times += 1;
  });
  // Where only one of the two times is set, it is the entry's own.
  return times > 1 ? sum + observed : sum;
}

/** A number (of the flags its first byte), or a text of that length; ids are written as hexadecimal. */
function ownBytes(field: number, wire: number, value: number): number {
  if (value === 0) return 0;
  if (wire !== 2) return (names.get(field) ?? 0) + String(value).length;
  return (names.get(field) ?? 0) + (field === 9 || field === 10 ? 2 * value : value);
}

function resourceBytes(definition: Definition | undefined): number {
  let sum = 0;
  readAttributes(definition?.resource, 1, (name, bytes, start, end) => {
    if (!indexLabels.has(name)) sum += attributeBytes(bytes, start, end);
  });
  return sum;
}

function scopeBytes(definition: Definition | undefined): number {
  let sum = 0;
  readAttributes(definition?.scope, 3, (_name, bytes, start, end) => {
    sum += attributeBytes(bytes, start, end);
  });
  readMessage(definition?.scope, (field, _value, start, end) => {
    if (field === 1 && end > start) sum += 'scope_name'.length + end - start;
    if (field === 2 && end > start) sum += 'scope_version'.length + end - start;
  });
  return sum;
}

/** The attributes of a resource or a scope; `start..end` is the KeyValue. */
function readAttributes(
  part: Uint8Array | undefined,
  attributesField: number,
  visit: (name: string, bytes: Uint8Array, start: number, end: number) => void,
): void {
  readMessage(part, (field, _value, start, end, bytes) => {
    if (field !== attributesField) return;
    let name = '';
    readFields(bytes, start, end, (inner, _wire, _inner, at, until) => {
      if (inner === 1) name = Buffer.from(bytes.subarray(at, until)).toString();
    });
    visit(name, bytes, start, end);
  });
}

/** The fields of the message in field 1: a definition holds it with its tag and length. */
function readMessage(
  part: Uint8Array | undefined,
  visit: (field: number, value: number, start: number, end: number, bytes: Uint8Array) => void,
): void {
  if (part === undefined) return;
  readFields(part, 0, part.length, (outer, _wire, _value, from, to) => {
    if (outer !== 1) return;
    readFields(part, from, to, (field, _inner, value, start, end) =>
      visit(field, value, start, end, part),
    );
  });
}

function isZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at] !== 0) return false;
  return true;
}
