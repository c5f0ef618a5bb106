// A stored LogRecord, resource or scope back into what was logged. Damage that slipped through leaves a part out.

import { type FieldVisitor, readFields } from '../deliver/proto-reader.ts';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export interface DecodedRecord {
  readonly timeUnixNano: bigint;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: Json;
  readonly attributes: { [key: string]: Json };
  readonly eventName: string;
  readonly flags: number;
  /** Hexadecimal, or ''. */
  readonly traceId: string;
  readonly spanId: string;
  /** False where the bytes are no well-formed LogRecord. */
  readonly isWhole: boolean;
}

type Mutable = { -readonly [Key in keyof DecodedRecord]: DecodedRecord[Key] };

// Ours end at 8 levels; the stack ends at thousands.
const deepest = 64;

export function decodeRecord(bytes: Uint8Array): DecodedRecord {
  const record: Mutable = {
    timeUnixNano: 0n,
    severityNumber: 0,
    severityText: '',
    body: null,
    attributes: emptyObject(),
    eventName: '',
    flags: 0,
    traceId: '',
    spanId: '',
    isWhole: true,
  };
  const buffer = asBuffer(bytes);
  const times = { set: 0n, observed: 0n };
  record.isWhole = readFields(buffer, 0, buffer.length, (field, wire, value, start, end) => {
    if (wire === 2) readText(record, buffer, field, start, end);
    else if (wire === 1) readTime(times, buffer, field, start);
    else if (field === 2) record.severityNumber = value;
    else if (field === 8 && wire === 5) record.flags = buffer.readUInt32LE(start);
  });
  record.timeUnixNano = times.set > 0n ? times.set : times.observed;
  return record;
}

function readTime(
  times: { set: bigint; observed: bigint },
  bytes: Buffer,
  field: number,
  at: number,
): void {
  if (field === 1) times.set = bytes.readBigUInt64LE(at);
  if (field === 11) times.observed = bytes.readBigUInt64LE(at);
}

function readText(record: Mutable, bytes: Buffer, field: number, start: number, end: number): void {
  if (field === 3) record.severityText = bytes.toString('utf8', start, end);
  else if (field === 5) record.body = readValue(bytes, start, end, 0);
  else if (field === 6) addKeyValue(record.attributes, bytes, start, end, 0);
  else if (field === 9) record.traceId = bytes.toString('hex', start, end);
  else if (field === 10) record.spanId = bytes.toString('hex', start, end);
  else if (field === 12) record.eventName = bytes.toString('utf8', start, end);
}

/** Nanoseconds of a stored record without decoding the rest; 0 where it has none. */
export function timeOf(bytes: Uint8Array): bigint {
  const buffer = asBuffer(bytes);
  return buffer.length >= 9 && buffer[0] === 0x09 ? buffer.readBigUInt64LE(1) : 0n;
}

/** Attributes of a definition's resource. */
export function decodeResource(bytes: Uint8Array): { [key: string]: Json } {
  const attributes = emptyObject();
  within(bytes, (buffer, field, wire, start, end) => {
    if (field === 1 && wire === 2) addKeyValue(attributes, buffer, start, end, 0);
  });
  return attributes;
}

export function decodeScope(bytes: Uint8Array): { name: string; version: string } {
  const scope = { name: '', version: '' };
  within(bytes, (buffer, field, wire, start, end) => {
    if (field === 1 && wire === 2) scope.name = buffer.toString('utf8', start, end);
    if (field === 2 && wire === 2) scope.version = buffer.toString('utf8', start, end);
  });
  return scope;
}

/** Resource and scope are stored with their tag, and perhaps a schema URL behind. */
function within(
  bytes: Uint8Array,
  visit: (buffer: Buffer, field: number, wire: number, start: number, end: number) => void,
): void {
  const buffer = asBuffer(bytes);
  readFields(buffer, 0, buffer.length, (field, wire, _value, start, end) => {
    if (field !== 1 || wire !== 2) return;
    readFields(buffer, start, end, (inner, innerWire, _inner, from, to) =>
      visit(buffer, inner, innerWire, from, to),
    );
  });
}

function addKeyValue(
  target: { [key: string]: Json },
  bytes: Buffer,
  start: number,
  end: number,
  depth: number,
): void {
  let key = '';
  let value: Json = null;
  readFields(bytes, start, end, (field, wire, _value, from, to) => {
    if (field === 1 && wire === 2) key = bytes.toString('utf8', from, to);
    if (field === 2 && wire === 2) value = readValue(bytes, from, to, depth);
  });
  target[key] = value;
}

function readValue(bytes: Buffer, start: number, end: number, depth: number): Json {
  let result: Json = null;
  const visit: FieldVisitor = (field, wire, value, from, to) => {
    if (wire === 2) result = readNested(bytes, field, from, to, depth);
    else if (field === 2) result = value !== 0;
    else if (field === 3) result = readInteger(bytes, from, to);
    else if (field === 4 && wire === 1) result = readDouble(bytes, from);
  };
  readFields(bytes, start, end, visit);
  return result;
}

function readNested(bytes: Buffer, field: number, from: number, to: number, depth: number): Json {
  if (field === 1) return bytes.toString('utf8', from, to);
  if (field === 7) return bytes.toString('base64', from, to);
  if (depth === deepest) return null;
  const items: Json[] = [];
  const map = emptyObject();
  readFields(bytes, from, to, (inner, wire, _value, start, end) => {
    if (inner !== 1 || wire !== 2) return;
    if (field === 5) items.push(readValue(bytes, start, end, depth + 1));
    else addKeyValue(map, bytes, start, end, depth + 1);
  });
  return field === 5 ? items : map;
}

/** As text where JSON's readers would lose digits. */
function readInteger(bytes: Buffer, start: number, end: number): Json {
  let value = 0n;
  for (let at = end - 1; at >= start; at--) value = (value << 7n) | BigInt((bytes[at] ?? 0) & 0x7f);
  const signed = BigInt.asIntN(64, value);
  const number = Number(signed);
  return Number.isSafeInteger(number) ? number : String(signed);
}

function readDouble(bytes: Buffer, at: number): Json {
  const value = bytes.readDoubleLE(at);
  return Number.isFinite(value) ? value : String(value);
}

/** Without a prototype: a key `__proto__` is one like any other. */
function emptyObject(): { [key: string]: Json } {
  return Object.create(null);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
