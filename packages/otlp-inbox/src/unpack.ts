// Reads a request's body within its limits and unpacks it.

import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, zstdDecompress } from 'node:zlib';

type Unpacker = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const unpackers: ReadonlyMap<string, Unpacker> = new Map([
  ['gzip', promisify<Buffer, object, Buffer>(gunzip)],
  ['zstd', promisify<Buffer, object, Buffer>(zstdDecompress)],
]);

/** The body is larger than allowed: a 413. */
export class TooLargeError extends Error {
  override name = 'TooLargeError';
  /** How many bytes came over the wire. */
  readonly bytes: number;

  constructor(message: string, options: { bytes: number; cause?: unknown }) {
    super(message, options);
    this.bytes = options.bytes;
  }
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
  throw new TooLargeError(tooLarge('message', bytes, maxBytes), { bytes });
}

/** @throws TooLargeError, or Error when the body is not what `encoding` says. */
export async function unpack(body: Buffer, encoding: string, maxBytes: number): Promise<Buffer> {
  if (encoding === '') return body;
  const unpacker = unpackers.get(encoding);
  if (!unpacker) {
    throw new Error(
      `unsupported content encoding ${encoding}: only gzip, lz4 and zstd are supported`,
    );
  }
  try {
    return await unpacker(body, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      const message = tooLarge('decompressed message', maxBytes + 1, maxBytes);
      throw new TooLargeError(message, { bytes: body.length, cause: error });
    }
    throw new Error(`${encoding}: ${(error as Error).message}`, { cause: error });
  }
}

function tooLarge(what: string, bytes: number, limit: number): string {
  return `request body too large: ${what} size too large than max (${bytes} vs ${limit})`;
}
