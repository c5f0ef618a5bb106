// Turns the body of an OTLP/HTTP logs request into records, whatever its encoding.

import { decodeJsonLogs } from './json-logs.ts';
import type { DecodedLogs } from './logs.ts';
import { decodeProtobufLogs } from './protobuf-logs.ts';

/**
 * Decodes an uncompressed OTLP logs request: `application/x-protobuf` or `application/json`.
 * @throws Error when the body is no such request, saying what is wrong with it.
 */
export function decodeLogsRequest(body: Uint8Array, contentType: string): DecodedLogs[] {
  if (contentType === 'application/x-protobuf') return decodeProtobufLogs(body);
  if (contentType === 'application/json') return decodeJsonLogs(body);
  throw new Error(`content type: ${contentType} is not supported`);
}
