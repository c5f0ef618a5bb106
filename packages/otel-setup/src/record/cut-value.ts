// Cuts a value that is too long: its beginning and its end stay, with a mark between them.

import { StringDecoder } from 'node:string_decoder';
import type { AnyValue } from './log-record.ts';
import { isMap, sizeOf } from './loki-size.ts';

/** The value within `maxBytes`: a text keeps its beginning and its end, anything else becomes cut JSON. */
export function cutValue(value: AnyValue, maxBytes: number): AnyValue {
  if (sizeOf(value) <= maxBytes) {
    return value;
  }
  if (value instanceof Uint8Array) {
    // Loki shows bytes as base64.
    return value.subarray(0, Math.floor(maxBytes / 4) * 3);
  }
  return typeof value === 'string'
    ? cutText(value, maxBytes, markIn(value))
    : cutText(toJson(value), maxBytes);
}

/** The mark of a text that was cut before tells how long it really was. */
function markIn(text: string): string | undefined {
  return / \.\.\.\[cut: \d{1,16} characters\]\.\.\. /.exec(text)?.[0];
}

/** The text within `maxBytes` of UTF-8. */
export function cutText(text: string, maxBytes: number, earlierMark?: string): string {
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxBytes) {
    return text;
  }
  const mark = earlierMark ?? ` ...[cut: ${bytes} bytes]... `;
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

/** Every text in the value within so many UTF-16 units: OpenTelemetry's limit of a value's length. */
export function shorten(value: AnyValue, maxLength: number): AnyValue {
  if (typeof value === 'string') {
    return value.length <= maxLength ? value : value.slice(0, maxLength);
  }
  if (Array.isArray(value)) {
    return value.map((item) => shorten(item, maxLength));
  }
  if (isMap(value)) {
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, shorten(v, maxLength)]));
  }
  return value;
}

/** Bytes as base64, as Loki shows them. */
export function toJson(value: AnyValue): string {
  return JSON.stringify(value, withBase64) ?? '';
}

function withBase64(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
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
