// Reads a request's body within its limits and unpacks it.

import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, zstdDecompress } from 'node:zlib';

/** The body is larger than allowed: a 413. */
export class TooLargeError extends Error {
  override name = 'TooLargeError';
}

/** @throws TooLargeError */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes <= maxBytes) parts.push(part);
  }
  if (bytes <= maxBytes) return Buffer.concat(parts);
  throw new TooLargeError(tooLarge('message', bytes, maxBytes));
}

/** @throws TooLargeError, or Error when the body is not what `encoding` says. */
export async function unpack(body: Buffer, encoding: string, maxBytes: number): Promise<Buffer> {
  if (encoding === '') return body;
  const unpackers = { gzip: gunzip, zstd: zstdDecompress };
  const unpacker = unpackers[encoding as keyof typeof unpackers];
  if (!unpacker) {
    throw new Error(
      `unsupported content encoding ${encoding}: only gzip, lz4 and zstd are supported`,
    );
  }
  try {
    return await promisify<Buffer, object, Buffer>(unpacker)(body, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new TooLargeError(tooLarge('decompressed message', maxBytes + 1, maxBytes), {
        cause: error,
      });
    }
    throw new Error(`${encoding}: ${(error as Error).message}`, { cause: error });
  }
}

function tooLarge(what: string, bytes: number, limit: number): string {
  return `request body too large: ${what} size too large than max (${bytes} vs ${limit})`;
}
