// The size of a request as Loki's distributor sends it on to its ingester, in protobuf bytes.

import type { Entry } from './entry.ts';

/** A stream's 64-bit hash with its tag; seldom a byte less. */
const hashBytes = 11;

export function messageBytes(streams: ReadonlyMap<string, readonly Entry[]>): number {
  let bytes = 0;
  for (const [name, entries] of streams) {
    let stream = hashBytes + framed(Buffer.byteLength(name));
    for (const entry of entries) stream += framed(entrySize(entry));
    bytes += framed(stream);
  }
  return bytes;
}

function entrySize({ timestampNs, lineBytes, metadata }: Entry): number {
  const seconds = 1 + varintSize(Number(timestampNs / 1_000_000_000n));
  const nanoseconds = Number(timestampNs % 1_000_000_000n);
  let bytes = framed(seconds + (nanoseconds === 0 ? 0 : 1 + varintSize(nanoseconds)));
  bytes += framed(lineBytes);
  for (const [name, value] of Object.entries(metadata)) {
    bytes += framed(framed(Buffer.byteLength(name)) + framed(Buffer.byteLength(value)));
  }
  return bytes;
}

/** A field with its tag and length; an empty one is left out. */
function framed(bytes: number): number {
  return bytes === 0 ? 0 : 1 + varintSize(bytes) + bytes;
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size++;
  return size;
}
