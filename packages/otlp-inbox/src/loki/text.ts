// Prints a value as Loki does: in a line, a label or a piece of structured metadata.

import type { AttributeValue } from '../decode/logs.ts';

/** Text as it is, numbers printed, bytes as base64, maps and arrays as JSON, an empty value as ''. */
export function textOf(value: AttributeValue): string {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  if (typeof value === 'number') return numberText(value);
  if (value instanceof Uint8Array) return base64(value);
  if (typeof value !== 'object') return String(value);
  try {
    return json(value);
  } catch (error) {
    // Go's encoder gives up on the whole value when a NaN or an infinity is inside.
    if (error instanceof NoJson) return '';
    throw error;
  }
}

class NoJson extends Error {}

function json(value: AttributeValue): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new NoJson();
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'string') return quoted(value);
  if (value instanceof Uint8Array) return `"${base64(value)}"`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (isList(value)) return `[${value.map(json).join(',')}]`;
  const pairs = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${pairs.map(([key, one]) => `${quoted(key)}:${json(one)}`).join(',')}}`;
}

export function isList(value: object): value is readonly AttributeValue[] {
  return Array.isArray(value);
}

function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function quoted(text: string): string {
  return JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
