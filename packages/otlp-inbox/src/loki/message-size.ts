// The size of a request as Loki's distributor sends it on to its ingester, in protobuf bytes.

import { type Entry, entryBytes } from './entry.ts';

/** Timestamp, line and the frame of an entry; a piece of metadata has two tags and lengths and its own. */
const perEntry = 24;
const perPair = 6;
const perStream = 16;

export function messageBytes(streams: ReadonlyMap<string, readonly Entry[]>): number {
  let bytes = 0;
  for (const [name, entries] of streams) {
    bytes += perStream + Buffer.byteLength(name);
    for (const entry of entries)
      bytes += perEntry + entryBytes(entry) + entry.pairs.length * perPair;
  }
  return bytes;
}
