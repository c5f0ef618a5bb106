// Reads ExportLogsServiceRequest, field by field, as opentelemetry-proto defines it.

import { readAnyValue, readKeyValue } from './any-value.ts';
import type {
  AttributeValue,
  DecodedLogRecord,
  DecodedLogs,
  DecodedResource,
  DecodedScope,
} from './logs.ts';
import { Reader, WireError } from './wire.ts';

const recordFields = [1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12];

export function decodeProtobufLogs(body: Uint8Array): DecodedLogs[] {
  const reader = new Reader(body);
  const logs: DecodedLogs[] = [];
  const end = body.byteLength;
  while (reader.position < end) {
    const tag = reader.tag(end);
    if (tag === 0x0a) logs.push(...readResourceLogs(reader, reader.enter(end)));
    else reader.skip(tag, end, [1]);
  }
  return logs;
}

function readResourceLogs(reader: Reader, end: number): DecodedLogs[] {
  let resource = emptyResource();
  let schemaUrl = '';
  const scopes: Omit<DecodedLogs, 'resource'>[] = [];
  while (reader.position < end) {
    const tag = reader.tag(end);
    if (tag === 0x0a) resource = readResource(reader, reader.enter(end), resource);
    else if (tag === 0x12) scopes.push(readScopeLogs(reader, reader.enter(end)));
    else if (tag === 0x1a) schemaUrl = reader.text(end);
    else reader.skip(tag, end, [1, 2, 3]);
  }
  // The resource may follow its records on the wire, so it is put beside them only now.
  const whole = { ...resource, schemaUrl };
  return scopes.map((logs) => ({ resource: whole, ...logs }));
}

/** A message that comes twice is one message, as protobuf has it. */
function readResource(reader: Reader, end: number, before: DecodedResource): DecodedResource {
  const own = reader.buffer.subarray(reader.position, end);
  const bytes = before.bytes.length === 0 ? own : Buffer.concat([before.bytes, own]);
  const attributes: Record<string, AttributeValue> = { ...before.attributes };
  const invalidUtf8 = [...before.invalidUtf8];
  while (reader.position < end) {
    const tag = reader.tag(end);
    if (tag !== 0x0a) {
      reader.skip(tag, end, [1]);
      continue;
    }
    const invalidTexts = reader.invalidTexts;
    const key = readKeyValue(reader, reader.enter(end), attributes);
    if (reader.invalidTexts > invalidTexts) invalidUtf8.push(key);
  }
  return { attributes, schemaUrl: '', invalidUtf8, bytes };
}

function readScopeLogs(reader: Reader, end: number): Omit<DecodedLogs, 'resource'> {
  let scope = emptyScope();
  let schemaUrl = '';
  const records: DecodedLogRecord[] = [];
  while (reader.position < end) {
    const tag = reader.tag(end);
    if (tag === 0x0a) scope = readScope(reader, reader.enter(end), scope);
    else if (tag === 0x12) records.push(readLogRecord(reader, reader.enter(end)));
    else if (tag === 0x1a) schemaUrl = reader.text(end);
    else reader.skip(tag, end, [1, 2, 3]);
  }
  return { scope: { ...scope, schemaUrl }, records };
}

function readScope(reader: Reader, end: number, before: DecodedScope): DecodedScope {
  const attributes: Record<string, AttributeValue> = { ...before.attributes };
  let { name, version, droppedAttributesCount } = before;
  while (reader.position < end) {
    const tag = reader.tag(end);
    if (tag === 0x0a) name = reader.text(end);
    else if (tag === 0x12) version = reader.text(end);
    else if (tag === 0x1a) readKeyValue(reader, reader.enter(end), attributes);
    else if (tag === 0x20) droppedAttributesCount = reader.varint(end);
    else reader.skip(tag, end, [1, 2, 3, 4]);
  }
  return { name, version, attributes, droppedAttributesCount, schemaUrl: '' };
}

type Draft = { -readonly [Field in keyof DecodedLogRecord]: DecodedLogRecord[Field] };

function readLogRecord(reader: Reader, end: number): DecodedLogRecord {
  const attributes: Record<string, AttributeValue> = {};
  const record = emptyRecord(attributes, reader.buffer.subarray(reader.position, end));
  while (reader.position < end) {
    const tag = reader.tag(end);
    if (tag === 0x32) readKeyValue(reader, reader.enter(end), attributes);
    else if (tag === 0x2a) record.body = readAnyValue(reader, reader.enter(end));
    else readRecordField(reader, end, tag, record);
  }
  return record;
}

function readRecordField(reader: Reader, end: number, tag: number, record: Draft): void {
  switch (tag) {
    case 0x09:
      record.timeUnixNano = reader.fixed64(end);
      break;
    case 0x10:
      record.severityNumber = reader.varint(end);
      break;
    case 0x1a:
      record.severityText = reader.text(end);
      break;
    case 0x38:
      record.droppedAttributesCount = reader.varint(end);
      break;
    case 0x45:
      record.flags = reader.fixed32(end);
      break;
    case 0x4a:
      record.traceId = id(reader.bytes(end), 16, 'TraceID');
      break;
    case 0x52:
      record.spanId = id(reader.bytes(end), 8, 'SpanID');
      break;
    case 0x59:
      record.observedTimeUnixNano = reader.fixed64(end);
      break;
    case 0x62:
      record.eventName = reader.text(end);
      break;
    default:
      reader.skip(tag, end, recordFields);
  }
}

function id(bytes: Buffer, length: number, what: string): string {
  if (bytes.length !== 0 && bytes.length !== length) {
    throw new WireError(`invalid length for ${what}`);
  }
  return bytes.every((byte) => byte === 0) ? '' : bytes.toString('hex');
}

function emptyRecord(attributes: Record<string, AttributeValue>, bytes: Uint8Array): Draft {
  return {
    timeUnixNano: 0n,
    observedTimeUnixNano: 0n,
    severityNumber: 0,
    severityText: '',
    body: null,
    attributes,
    droppedAttributesCount: 0,
    flags: 0,
    traceId: '',
    spanId: '',
    eventName: '',
    bytes,
  };
}

function emptyResource(): DecodedResource {
  return { attributes: {}, schemaUrl: '', invalidUtf8: [], bytes: new Uint8Array() };
}

function emptyScope(): DecodedScope {
  return { name: '', version: '', attributes: {}, droppedAttributesCount: 0, schemaUrl: '' };
}
