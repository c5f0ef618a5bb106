// gzip on libuv's pool, so that the application's thread does not compress.

import { gunzip, gzip } from 'node:zlib';

/** Undefined where the bytes are no gzip, or more than `maxBytes` unpacked. */
export function unpack(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve) => {
    gunzip(bytes, { maxOutputLength: maxBytes }, (error, unpacked) => {
      resolve(error === null ? unpacked : undefined);
    });
  });
}

/** Level 1: on log records nearly as small as level 6, in less than half the time. */
export function pack(bytes: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    gzip(bytes, { level: 1 }, (error, packed) => {
      if (error === null) resolve(packed);
      else reject(error);
    });
  });
}
