// ExportLogsServiceRequest from stored records: repeated fields concatenate, so nothing is encoded again.

import type { Batch, Definition } from '../record/batch.ts';
import { varintSize } from './protobuf-writer.ts';

/**
 * The request of records [from, to): one ResourceLogs, one ScopeLogs for each run of records of one
 * scope, so that the order is kept. The same records always give the same bytes.
 */
export function composeRequest(
  batch: Batch,
  from = 0,
  to: number = batch.count,
  allocate: (bytes: number) => Buffer = Buffer.allocUnsafe,
): Uint8Array {
  const runs = scopeRuns(batch, from, to);
  const resource = batch.definitions[from]?.resource ?? new Uint8Array();
  const body = runs.reduce((sum, run) => sum + fieldSize(run.bytes), resource.length);
  const request = allocate(fieldSize(body));
  let at = writeHeader(request, 0, 0x0a, body);
  at = copy(request, at, resource, 0, resource.length);
  for (const run of runs) {
    at = writeHeader(request, at, 0x12, run.bytes);
    at = copy(request, at, run.definition.scope, 0, run.definition.scope.length);
    at = copyRecords(request, at, batch, run.from, run.to);
  }
  return request;
}

// A function of its own, for the compiler's sake: what surrounds the loop would be compiled with it.
// V8 compiles a hot loop together with the function it stands in: this one stands alone.
function copyRecords(request: Buffer, at: number, batch: Batch, from: number, to: number): number {
  const { bytes, starts, ends } = batch;
  let position = at;
  for (let i = from; i < to; i++) {
    const start = starts[i] as number;
    const end = ends[i] as number;
    position = writeHeader(request, position, 0x12, end - start);
    position = copy(request, position, bytes, start, end);
  }
  return position;
}

interface Run {
  readonly definition: Definition;
  readonly from: number;
  readonly to: number;
  /** Bytes of the ScopeLogs message. */
  readonly bytes: number;
}

function scopeRuns(batch: Batch, from: number, to: number): Run[] {
  const runs: Run[] = [];
  let start = from;
  while (start < to) {
    const definition = batch.definitions[start] as Definition;
    let end = start;
    let bytes = definition.scope.length;
    while (end < to && batch.definitions[end] === definition) {
      bytes += fieldSize((batch.ends[end] as number) - (batch.starts[end] as number));
      end++;
    }
    runs.push({ definition, from: start, to: end, bytes });
    start = end;
  }
  return runs;
}

function fieldSize(length: number): number {
  return 1 + varintSize(length) + length;
}

function writeHeader(target: Buffer, at: number, tag: number, length: number): number {
  let position = at;
  target[position++] = tag;
  let rest = length;
  while (rest > 127) {
    target[position++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[position++] = rest;
  return position;
}

function copy(target: Buffer, at: number, source: Uint8Array, start: number, end: number): number {
  if (source instanceof Buffer) {
    source.copy(target, at, start, end);
  } else {
    target.set(source.subarray(start, end), at);
  }
  return at + end - start;
}
