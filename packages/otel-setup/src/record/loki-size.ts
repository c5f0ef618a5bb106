// What Loki counts: the entries and bytes that an attribute becomes, and the bytes of a line. Never less than Loki finds.

import type { AnyValue } from './log-record.ts';

/** Bytes of a value as Loki prints it: as one piece of structured metadata, or as a line. */
export function sizeOf(value: AnyValue): number {
  switch (typeof value) {
    case 'string':
      return Buffer.byteLength(value);
    case 'number':
      return String(value).length + 1;
    case 'boolean':
      return 5;
    case 'undefined':
      return 0;
    default:
      return value instanceof Uint8Array ? base64Size(value) : jsonSize(value);
  }
}

/** Entries of structured metadata: a map becomes one for each of its leaves. */
export function entriesOf(value: AnyValue): number {
  if (!isMap(value)) {
    return 1;
  }
  let entries = 0;
  for (const key of Object.keys(value)) {
    entries += entriesOf(value[key]);
  }
  return entries;
}

/** Bytes of structured metadata, names included: each leaf of a map is named by its whole path. */
export function metadataSize(name: string, value: AnyValue): number {
  if (!isMap(value)) {
    return nameSize(name) + sizeOf(value);
  }
  let size = 0;
  for (const key of Object.keys(value)) {
    size += metadataSize(`${name}_${key}`, value[key]);
  }
  return size;
}

/** A run of other characters becomes one `_`, a leading digit gets `key_`. */
function nameSize(name: string): number {
  return name.length + 4;
}

export function isMap(value: AnyValue): value is { readonly [key: string]: AnyValue } {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array)
  );
}

/** As JSON, or in OTLP where that is more: a record has to fit into the spool's frame as well. */
function jsonSize(value: AnyValue): number {
  switch (typeof value) {
    case 'string':
      return quotedSize(value);
    case 'number':
      return Math.max(String(value).length + 1, value >= 0 && value < 2 ** 31 ? 8 : 15);
    case 'object':
      return value === null ? 5 : objectSize(value);
    default:
      return 6;
  }
}

function objectSize(value: object & AnyValue): number {
  if (value instanceof Uint8Array) {
    return base64Size(value) + 8;
  }
  let size = 12;
  if (Array.isArray(value)) {
    for (const item of value) {
      size += jsonSize(item) + 4;
    }
    return size;
  }
  const fields = value as { readonly [key: string]: AnyValue };
  for (const key of Object.keys(fields)) {
    size += quotedSize(key) + jsonSize(fields[key]) + 8;
  }
  return size;
}

function base64Size({ length }: Uint8Array): number {
  return Math.ceil(length / 3) * 4;
}

/** Go's encoder writes control characters, and in some versions `<`, `>` and `&`, as six characters. */
function quotedSize(text: string): number {
  let size = Buffer.byteLength(text) + 2;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x22 || code === 0x5c) {
      size += 1;
    } else if (code < 0x20 || code === 0x3c || code === 0x3e || code === 0x26) {
      size += 5;
    } else if (code === 0x2028 || code === 0x2029) {
      size += 3;
    }
  }
  return size;
}
