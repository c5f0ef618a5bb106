// Cuts a batch out of an image: views and small columns, no record is copied.

import type { Batch, Definition } from '../record/batch.ts';
import type { Image } from './image.ts';
import type { TakeLimits } from './options.ts';

// An upper bound for tag and length of a LogRecord, of a ScopeLogs, of a ResourceLogs.
const recordOverhead = 6;
const scopeOverhead = 12;
const resourceOverhead = 12;

/** Records from index `from` on that fit, at least one, all of one resource. */
export function cut(image: Image, from: number, limits: TakeLimits): Batch {
  const { starts, ends } = image;
  const first = definitionAt(image, from);
  const last = Math.min(image.count, from + (limits.maxRecords ?? Number.POSITIVE_INFINITY));
  const definitions: Definition[] = [];
  let bytes = first.resource.length + resourceOverhead;
  let expanded = 0;
  let scope: Definition | undefined;
  for (let index = from; index < last; index++) {
    const definition = definitionAt(image, index);
    if (definition.resourceKey !== first.resourceKey) break;
    const length = (ends[index] ?? 0) - (starts[index] ?? 0);
    bytes += length + recordOverhead;
    if (definition !== scope) bytes += definition.scope.length + scopeOverhead;
    expanded += length + definition.resource.length + definition.scope.length;
    if (index > from && (bytes > limits.maxBytes || expanded > limits.maxExpandedBytes)) break;
    definitions.push(definition);
    scope = definition;
  }
  const to = from + definitions.length;
  return {
    bytes: image.buffer,
    starts: starts.subarray(from, to),
    ends: ends.subarray(from, to),
    seqs: image.seqs.subarray(from, to),
    definitions,
    count: definitions.length,
  };
}

function definitionAt(image: Image, index: number): Image['definitions'][number] {
  const definition = image.definitions[image.definitionNumbers[index] ?? 0];
  if (definition === undefined) throw new RangeError(`record ${index} has no definition`);
  return definition;
}
