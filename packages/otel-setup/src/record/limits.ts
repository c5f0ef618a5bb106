// Loki's limits, applied before the request: what is too much is cut with a mark, never refused.
// https://grafana.com/docs/loki/latest/configure/#limits_config

import type { SentKey } from './attribute-name.ts';
import { cutText, cutValue, shorten, toJson } from './cut-value.ts';
import { distinctNames, type Entry } from './distinct-names.ts';
import type { AnyValue } from './log-record.ts';
import { entriesOf, isMap, metadataSize } from './loki-size.ts';

export interface Limits {
  /** Entries of structured metadata left for attributes, maps counted by their leaves. */
  readonly attributeCount: number;
  /** UTF-16 units of one string value. */
  readonly attributeValueLength: number;
  /** Bytes of all attributes of a record: Loki takes 64 KiB of metadata, the resource's copy included. */
  readonly attributeBytes: number;
  /** Bytes of the body as Loki's line. */
  readonly lineBytes: number;
  /** Names that stand in Loki for something else: fields of the record, copies of the resource and the scope. */
  readonly reserved: ReadonlySet<string>;
}

export interface Fitted {
  readonly keys: readonly SentKey[];
  readonly values: readonly AnyValue[];
  /** Names of what was left out, cut, and given another name (`old -> new`). */
  readonly dropped: readonly string[];
  readonly cut: readonly string[];
  readonly renamed: readonly string[];
  /** A leaf of a map would be taken for the level. */
  readonly shadowsLevel: boolean;
}

const none: readonly string[] = [];

/** Bytes that one UTF-16 unit may become, and that an attribute takes besides its text: its name, or a number. */
export const maxUnitBytes = 3;
const maxEntryBytes = 304;

/** Whether texts of so many UTF-16 units and so many attributes need no closer look. */
export function isSurelyWithin(limits: Limits, chars: number, count: number): boolean {
  return (
    chars * maxUnitBytes + count * maxEntryBytes <= limits.attributeBytes &&
    count <= limits.attributeCount &&
    limits.attributeValueLength === Number.POSITIVE_INFINITY
  );
}

/** The attributes within the limits: the very same columns where nothing has to change. */
export function fitAttributes(
  keys: readonly SentKey[],
  values: readonly AnyValue[],
  limits: Limits,
): Fitted {
  const named = distinctNames(keys, values, limits.reserved);
  const { shadowsLevel } = named;
  const { bytes, count } = total(named.entries);
  const fits =
    bytes <= limits.attributeBytes &&
    count <= limits.attributeCount &&
    limits.attributeValueLength === Number.POSITIVE_INFINITY;
  if (fits && named.renamed.length === 0) {
    return { keys, values, dropped: none, cut: none, renamed: none, shadowsLevel };
  }
  const dropped: string[] = [];
  const cut: string[] = [];
  const entries = limitCount(named.entries, limits.attributeCount, dropped, cut);
  limitLengths(entries, limits.attributeValueLength, cut);
  limitBytes(entries, limits.attributeBytes, cut);
  return {
    keys: entries.map(({ key }) => ({ key, encoded: undefined })),
    values: entries.map(({ value }) => value),
    dropped,
    cut,
    renamed: named.renamed,
    shadowsLevel,
  };
}

function total(entries: readonly Entry[]): { bytes: number; count: number } {
  let bytes = 0;
  let count = 0;
  for (const { key, value } of entries) {
    bytes += metadataSize(key, value);
    count += entriesOf(value);
  }
  return { bytes, count };
}

/** What tells of an error and of the level comes last in a record, and must not be the first to go. */
const important: ReadonlySet<string> = new Set([
  'exception.type',
  'exception.message',
  'exception.stacktrace',
  'winston.level',
  'detected_level',
]);

function limitCount(
  entries: readonly Entry[],
  limit: number,
  dropped: string[],
  cut: string[],
): Entry[] {
  let own = Math.min(limit, entries.filter(({ key }) => important.has(key)).length);
  let left = limit - own;
  return entries.filter((entry) => {
    if (important.has(entry.key) && own > 0) {
      own -= 1;
      return true;
    }
    const leaves = entriesOf(entry.value);
    if (leaves <= left) {
      left -= leaves;
      return true;
    }
    if (left === 0 || !isMap(entry.value)) {
      dropped.push(entry.key);
      return false;
    }
    // A map too wide for the rest goes as one JSON text, which is one entry.
    entry.value = toJson(entry.value);
    cut.push(entry.key);
    left -= 1;
    return true;
  });
}

function limitLengths(entries: readonly Entry[], limit: number, cut: string[]): void {
  if (limit === Number.POSITIVE_INFINITY) {
    return;
  }
  for (const entry of entries) {
    const shortened = shorten(entry.value, limit);
    if (shortened !== entry.value && toJson(shortened) !== toJson(entry.value)) {
      entry.value = shortened;
      cut.push(entry.key);
    }
  }
}

/** The largest values give way until all fit: small ones are never cut for a large neighbour. */
function limitBytes(entries: readonly Entry[], limit: number, cut: string[]): void {
  const sizes = entries
    .map((entry) => ({ entry, size: metadataSize(entry.key, entry.value) }))
    .sort((a, b) => a.size - b.size);
  let left = limit;
  for (const [i, { entry, size }] of sizes.entries()) {
    const share = Math.floor(left / (sizes.length - i));
    if (size <= share) {
      left -= size;
      continue;
    }
    const room = Math.max(0, share - metadataSize(entry.key, ''));
    // A map's names are longer than its JSON.
    entry.value = isMap(entry.value)
      ? cutText(toJson(entry.value), room)
      : cutValue(entry.value, room);
    cut.push(entry.key);
    left -= share;
  }
}
