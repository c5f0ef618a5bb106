// gzip on libuv's pool, so that the application's thread does not compress.

import { gunzip, gzip } from 'node:zlib';

const smallestChunk = 16_384;

/** Undefined where the bytes are no gzip, or more than `maxBytes` unpacked. */
export function unpack(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve) => {
    gunzip(bytes, { maxOutputLength: maxBytes }, (error, unpacked) => {
      resolve(error === null ? unpacked : undefined);
    });
  });
}

/**
 * Level 1: on log records nearly as small as level 6, in less than half the time. Node hands the pool as many pieces of work
 * as its output has chunks, by default of 16 KiB; of records it is a tenth of the input.
 */
export function pack(bytes: Uint8Array): Promise<Uint8Array> {
  const chunkSize = Math.max(smallestChunk, bytes.length >> 2);
  return new Promise((resolve, reject) => {
    gzip(bytes, { level: 1, chunkSize }, (error, packed) => {
      if (error === null) resolve(packed);
      else reject(error);
    });
  });
}
