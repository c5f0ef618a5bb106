// Maps the records of a request to entries, each with what it shares with the others of its resource.

import type { DecodedLogRecord, DecodedLogs } from '../decode/logs.ts';
import type { Entry } from './entry.ts';
import { detectLevel } from './level.ts';
import {
  lineOf,
  type MappedResource,
  mapRecord,
  mapResource,
  mapScope,
  type Pair,
  shownMetadata,
  storedPairs,
  timestampOf,
} from './mapping.ts';
import { labelName, lenientName, type Namer } from './names.ts';

/** `lenient` keeps what Loki refuses or drops: attributes without a usable name, broken labels. */
export type Care = 'loki' | 'lenient';

/** @throws NameError, unless lenient. */
export function mapEntries(logs: readonly DecodedLogs[], nowMs: number, care: Care): Entry[] {
  const name = care === 'loki' ? labelName : lenientName;
  const resources = new Map<DecodedLogs['resource'], MappedResource>();
  return logs.flatMap((source) => {
    const resource = resources.get(source.resource) ?? mapResource(source.resource, name);
    resources.set(source.resource, resource);
    const shared = [...resource.metadata, ...mapScope(source.scope, name)];
    const { records } = source;
    const entries = records.map((record) =>
      mapEntry({ source, resource, shared, name, nowMs }, record),
    );
    return care === 'loki' && resource.invalid !== undefined ? [] : entries;
  });
}

interface Surroundings {
  readonly source: DecodedLogs;
  readonly resource: MappedResource;
  readonly shared: readonly Pair[];
  readonly name: Namer;
  readonly nowMs: number;
}

function mapEntry(around: Surroundings, record: DecodedLogRecord): Entry {
  const { source, resource, shared, name, nowMs } = around;
  const { labels, stream } = resource;
  const line = lineOf(record);
  const pairs = [...mapRecord(record, name), ...shared];
  const stored = storedPairs(pairs);
  const level = detectLevel(stored, line);
  return {
    source,
    record,
    labels,
    stream,
    timestampNs: timestampOf(record, nowMs),
    line,
    lineBytes: Buffer.byteLength(line),
    pairs,
    pairBytes: pairs.reduce((sum, pair) => sum + pairSize(pair), 0),
    metadata: { ...shownMetadata(stored, labels), detected_level: level },
    level,
  };
}

/** Loki does not count the level that it finds itself, nor one that was sent under that name. */
function pairSize([name, value]: Pair): number {
  return name === 'detected_level' ? 0 : Buffer.byteLength(name) + Buffer.byteLength(value);
}
