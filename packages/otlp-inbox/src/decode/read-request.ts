// Unpacks and decodes a request as its headers say.

import type { IncomingHttpHeaders } from 'node:http';
import { unpack } from '../unpack.ts';
import { decodeLogsRequest } from './decode-logs-request.ts';
import type { DecodedLogs } from './logs.ts';

export interface Reading {
  /** Compare the headers exactly, as Loki does; other receivers take parameters and synonyms. */
  readonly isStrict: boolean;
  /** The unpacked body may be so large. */
  readonly maxBytes: number;
}

/** @throws TooLargeError, or Error saying what is wrong with the request. */
export async function readRequest(
  headers: IncomingHttpHeaders,
  body: Buffer,
  { isStrict, maxBytes }: Reading,
): Promise<{ logs: DecodedLogs[]; unpackedBytes: number }> {
  const contentType = headers['content-type'] ?? '';
  const encoding = headers['content-encoding'] ?? '';
  const unpacked = await unpack(body, isStrict ? encoding : plainEncoding(encoding), maxBytes);
  const logs = decodeLogsRequest(unpacked, isStrict ? contentType : plainType(contentType));
  return { logs, unpackedBytes: unpacked.length };
}

function plainEncoding(encoding: string): string {
  const name = encoding.trim().toLowerCase();
  return name === 'identity' ? '' : name;
}

function plainType(contentType: string): string {
  const name = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  return name === 'application/protobuf' ? 'application/x-protobuf' : name;
}
