// Reads an OTLP/JSON logs request.

import {
  anyValueOf,
  attributesOf,
  field,
  hexOf,
  integerOf,
  JsonError,
  type JsonObject,
  listOf,
  objectOf,
  ranges,
  textOf,
} from './json-value.ts';
import type { DecodedLogRecord, DecodedLogs, DecodedResource, DecodedScope } from './logs.ts';

export function decodeJsonLogs(body: Uint8Array): DecodedLogs[] {
  const request = objectOf(parse(body), 'request', '{"resourceLogs": [...]}');
  return listOf(field(request, 'resourceLogs'), 'resourceLogs').flatMap((one) =>
    readResourceLogs(objectOf(one, 'resourceLogs')),
  );
}

function parse(body: Uint8Array): unknown {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  try {
    // Numbers beyond 2^53 would be rounded; those go on as the text they were sent as.
    return /\d{16}/.test(text) ? JSON.parse(text, keepLongIntegers) : JSON.parse(text);
  } catch (error) {
    throw new JsonError(`ReadObject: ${(error as Error).message}`, { cause: error });
  }
}

function keepLongIntegers(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^-?\d+$/.test(source) ? source : value;
}

function readResourceLogs(logs: JsonObject): DecodedLogs[] {
  const sent = objectOf(field(logs, 'resource'), 'resource');
  const resource: DecodedResource = {
    attributes: attributesOf(field(sent, 'attributes'), 'resource attributes'),
    schemaUrl: textOf(field(logs, 'schemaUrl'), 'schemaUrl'),
    invalidUtf8: [],
    bytes: Buffer.from(JSON.stringify(sent)),
  };
  return listOf(field(logs, 'scopeLogs'), 'scopeLogs').map((one) => {
    const scopeLogs = objectOf(one, 'scopeLogs');
    return {
      resource,
      scope: readScope(scopeLogs),
      records: listOf(field(scopeLogs, 'logRecords'), 'logRecords').map((record) =>
        readRecord(objectOf(record, 'logRecords')),
      ),
    };
  });
}

function readScope(logs: JsonObject): DecodedScope {
  const scope = objectOf(field(logs, 'scope'), 'scope');
  return {
    name: textOf(field(scope, 'name'), 'scope name'),
    version: textOf(field(scope, 'version'), 'scope version'),
    attributes: attributesOf(field(scope, 'attributes'), 'scope attributes'),
    droppedAttributesCount: count(scope, 'droppedAttributesCount'),
    schemaUrl: textOf(field(logs, 'schemaUrl'), 'schemaUrl'),
  };
}

function readRecord(record: JsonObject): DecodedLogRecord {
  return {
    timeUnixNano: timeOf(record, 'timeUnixNano'),
    observedTimeUnixNano: timeOf(record, 'observedTimeUnixNano'),
    severityNumber: severityOf(field(record, 'severityNumber')),
    severityText: textOf(field(record, 'severityText'), 'severityText'),
    body: anyValueOf(field(record, 'body'), 'body'),
    attributes: attributesOf(field(record, 'attributes'), 'attributes'),
    droppedAttributesCount: count(record, 'droppedAttributesCount'),
    flags: count(record, 'flags'),
    traceId: hexOf(field(record, 'traceId'), 32, 'traceId'),
    spanId: hexOf(field(record, 'spanId'), 16, 'spanId'),
    eventName: textOf(field(record, 'eventName'), 'eventName'),
    bytes: Buffer.from(JSON.stringify(record)),
  };
}

function timeOf(record: JsonObject, name: string): bigint {
  return integerOf(field(record, name), ranges.uint64, name);
}

function count(object: JsonObject, name: string): number {
  return Number(integerOf(field(object, name), ranges.uint32, name));
}

const severities = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

function severityOf(value: unknown): number {
  const match = /^SEVERITY_NUMBER_([A-Z]+?)([2-4]?)$/.exec(typeof value === 'string' ? value : '');
  if (!match) return Number(integerOf(value, ranges.int32, 'severityNumber'));
  const rank = severities.indexOf(match[1] ?? '');
  return rank < 0 ? 0 : rank * 4 + Number(match[2] || 1);
}
