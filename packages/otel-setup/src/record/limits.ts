// Loki's limits, applied before the request: what is too long is cut with a mark, never refused.

import { StringDecoder } from 'node:string_decoder';
import { shownName } from './attribute-name.ts';
import type { AnyValue, Attributes } from './log-record.ts';

export interface Limits {
  /** Entries of structured metadata left for attributes, maps counted by their leaves. */
  readonly attributeCount: number;
  /** UTF-16 units of one string value. */
  readonly attributeValueLength: number;
  /** Bytes of all attributes of a record: Loki takes 64 KiB of metadata, the resource's copy included. */
  readonly attributeBytes: number;
  /** Bytes of the whole encoded record; Loki's line limit. */
  readonly recordBytes: number;
}

export const truncatedKey = 'otel_setup.truncated';

export interface Fitted {
  readonly body: AnyValue;
  readonly attributes: Attributes;
  readonly dropped: number;
  /** Names of what was cut. */
  readonly cut: readonly string[];
  readonly renamed: number;
}

/** The slow path: only for records that may pass a limit. */
export function fitLimits(
  body: AnyValue,
  keys: readonly string[],
  values: readonly AnyValue[],
  limits: Limits,
): Fitted {
  const named = distinctNames(keys, values);
  const counted = limitCount(named.attributes, limits.attributeCount);
  const cut: string[] = [];
  const lengths = limitLengths(counted.attributes, limits.attributeValueLength, cut);
  const fitted = limitBytes(lengths, limits.attributeBytes, cut);
  const room = limits.recordBytes - sizeOf(fitted) - 512;
  const fittedBody = cutValue(body, Math.max(1_024, room));
  if (fittedBody !== body) {
    cut.unshift('body');
  }
  return {
    body: fittedBody,
    attributes: fitted,
    dropped: counted.dropped,
    cut,
    renamed: named.renamed,
  };
}

/** Names that meet in Loki (`user.id`, `user_id`) show only one of them: the later ones get a number. */
function distinctNames(
  keys: readonly string[],
  values: readonly AnyValue[],
): { attributes: Attributes; renamed: number } {
  const taken = new Set<string>();
  const result: Attributes = {};
  let renamed = 0;
  for (const [at, key] of keys.entries()) {
    let name = key;
    for (let i = 2; taken.has(shownName(name)); i++) {
      name = `${key}_${i}`;
    }
    if (name !== key) {
      renamed++;
    }
    taken.add(shownName(name));
    result[name] = values[at];
  }
  return { attributes: result, renamed };
}

function limitCount(
  attributes: Attributes,
  limit: number,
): { attributes: Attributes; dropped: number } {
  const result: Attributes = {};
  let left = limit;
  let dropped = 0;
  for (const [key, value] of Object.entries(attributes)) {
    const leaves = leavesOf(value);
    if (leaves <= left) {
      result[key] = value;
      left -= leaves;
    } else if (left > 0 && isMap(value)) {
      // A map too wide for the rest goes as one JSON text, which is one entry.
      result[key] = toJson(value);
      left -= 1;
    } else {
      dropped++;
    }
  }
  return { attributes: result, dropped };
}

function limitLengths(attributes: Attributes, limit: number, cut: string[]): Attributes {
  if (limit === Number.POSITIVE_INFINITY) {
    return attributes;
  }
  const result: Attributes = {};
  for (const [key, value] of Object.entries(attributes)) {
    result[key] = shorten(value, limit);
    if (result[key] !== value && toJson(result[key]) !== toJson(value)) {
      cut.push(key);
    }
  }
  return result;
}

function shorten(value: AnyValue, limit: number): AnyValue {
  if (typeof value === 'string') {
    return value.length <= limit ? value : value.slice(0, limit);
  }
  if (Array.isArray(value)) {
    return value.map((item) => shorten(item, limit));
  }
  if (isMap(value)) {
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, shorten(v, limit)]));
  }
  return value;
}

/** The largest values give way until all fit: small ones are never cut for a large neighbour. */
function limitBytes(attributes: Attributes, limit: number, cut: string[]): Attributes {
  const sizes = Object.entries(attributes)
    .map(([key, value]) => ({ key, size: sizeOf(value) + Buffer.byteLength(key) + 8 }))
    .sort((a, b) => a.size - b.size);
  let left = limit;
  const result = { ...attributes };
  for (const [i, { key, size }] of sizes.entries()) {
    const share = Math.floor(left / (sizes.length - i));
    if (size > share) {
      result[key] = cutValue(attributes[key], Math.max(0, share - Buffer.byteLength(key) - 8));
      cut.push(key);
      left -= share;
    } else {
      left -= size;
    }
  }
  return result;
}

/** The value within `maxBytes`: a text keeps its beginning and its end, anything else becomes cut JSON. */
export function cutValue(value: AnyValue, maxBytes: number): AnyValue {
  if (sizeOf(value) <= maxBytes) {
    return value;
  }
  if (value instanceof Uint8Array) {
    return value.subarray(0, maxBytes);
  }
  return cutText(typeof value === 'string' ? value : toJson(value), maxBytes);
}

function cutText(text: string, maxBytes: number): string {
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxBytes) {
    return text;
  }
  const mark = ` ...[cut: ${bytes} bytes]... `;
  const room = maxBytes - mark.length;
  if (room < 8) {
    return wholeCharacters(Buffer.from(text.slice(0, maxBytes)).subarray(0, maxBytes));
  }
  const headBytes = Math.floor(room * 0.75);
  const tailBytes = room - headBytes;
  const head = wholeCharacters(Buffer.from(text.slice(0, headBytes)).subarray(0, headBytes));
  const tail = Buffer.from(text.slice(-tailBytes));
  return (
    head + mark + wholeCharacters(tail.subarray(tail.length - Math.min(tail.length, tailBytes)))
  );
}

/** Cuts leave half characters at the edges; they go rather than become marks of damage. */
function wholeCharacters(bytes: Buffer): string {
  let start = 0;
  while (start < bytes.length && ((bytes[start] ?? 0) & 0xc0) === 0x80) {
    start++;
  }
  // The decoder keeps an unfinished character at the end to itself.
  return new StringDecoder('utf8').write(bytes.subarray(start));
}

/** About the encoded bytes of a value; never less. */
function sizeOf(value: AnyValue): number {
  if (typeof value === 'string') {
    return Buffer.byteLength(value) + 6;
  }
  if (value instanceof Uint8Array) {
    return value.length + 6;
  }
  if (Array.isArray(value)) {
    return value.reduce((sum: number, item) => sum + sizeOf(item) + 4, 8);
  }
  if (isMap(value)) {
    return Object.entries(value).reduce(
      (sum, [key, item]) => sum + Buffer.byteLength(key) + sizeOf(item) + 12,
      8,
    );
  }
  return 12;
}

function leavesOf(value: AnyValue): number {
  return isMap(value) ? Object.values(value).reduce((sum: number, v) => sum + leavesOf(v), 0) : 1;
}

function isMap(value: AnyValue): value is { readonly [key: string]: AnyValue } {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array)
  );
}

function toJson(value: AnyValue): string {
  return JSON.stringify(value) ?? '';
}
