// Reads the scalar fields of OTLP/JSON as strictly as Loki does: one wrong value refuses the request.

import { type AttributeValue, maxDepth, setKey } from './logs.ts';

export type JsonObject = Record<string, unknown>;

/** The text is JSON but no OTLP, or no JSON at all. */
export class JsonError extends Error {
  override name = 'JsonError';
}

/** A field under its camelCase name or, as the receivers allow, its snake_case name. */
export function field(object: JsonObject, name: string): unknown {
  if (Object.hasOwn(object, name)) return object[name];
  return object[name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
}

export function objectOf(value: unknown, what: string, kind = 'an object'): JsonObject {
  if (value === undefined || value === null) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as JsonObject;
  throw new JsonError(`${what}: expected ${kind}, got ${describe(value)}`);
}

export function listOf(value: unknown, what: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw new JsonError(`${what}: expected an array, got ${describe(value)}`);
}

export function textOf(value: unknown, what: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  throw new JsonError(`${what}: expected a string, got ${describe(value)}`);
}

type Range = readonly [least: bigint, greatest: bigint];

export const ranges: Readonly<Record<'int32' | 'int64' | 'uint32' | 'uint64', Range>> = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};

export function integerOf(value: unknown, [least, greatest]: Range, what: string): bigint {
  if (value === undefined) return 0n;
  const isText = typeof value === 'string' && /^[+-]?\d+$/.test(value);
  if (!(isText || Number.isInteger(value))) {
    throw new JsonError(`${what}: expected an integer, got ${describe(value)}`);
  }
  const integer = BigInt(value as string | number);
  if (integer >= least && integer <= greatest) return integer;
  throw new JsonError(`${what}: ${integer} is out of range`);
}

export function hexOf(value: unknown, length: number, what: string): string {
  const text = textOf(value, what);
  if (text === '') return '';
  if (text.length !== length) throw new JsonError(`${what}: length mismatch`);
  if (!/^[0-9a-f]*$/i.test(text)) throw new JsonError(`${what}: invalid hexadecimal digits`);
  return /^0*$/.test(text) ? '' : text.toLowerCase();
}

export function anyValueOf(value: unknown, what: string, depth = 0): AttributeValue {
  if (depth > maxDepth) throw new JsonError(`${what}: exceeded max depth`);
  const [name, content] = Object.entries(objectOf(value, what)).at(-1) ?? [];
  switch (name?.replace('_v', 'V')) {
    case undefined:
      return null;
    case 'stringValue':
      return textOf(content, what);
    case 'boolValue':
      if (typeof content === 'boolean') return content;
      throw new JsonError(`${what}: expected true or false, got ${describe(content)}`);
    case 'intValue':
      return exactInteger(integerOf(content, ranges.int64, what));
    case 'doubleValue':
      return doubleOf(content, what);
    case 'bytesValue':
      return bytesOf(textOf(content, what), what);
    case 'arrayValue':
      return listOf(field(objectOf(content, what), 'values'), what).map((one) =>
        anyValueOf(one, what, depth + 1),
      );
    case 'kvlistValue':
      return attributesOf(field(objectOf(content, what), 'values'), what, depth + 1);
    default:
      return null;
  }
}

export function attributesOf(
  value: unknown,
  what: string,
  depth = 0,
): Record<string, AttributeValue> {
  const attributes: Record<string, AttributeValue> = {};
  for (const one of listOf(value, what)) {
    const pair = objectOf(one, what);
    const key = textOf(pair.key, `${what} key`);
    setKey(attributes, key, anyValueOf(pair.value, key, depth));
  }
  return attributes;
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function bytesOf(text: string, what: string): Uint8Array {
  if (base64.test(text)) return new Uint8Array(Buffer.from(text, 'base64'));
  throw new JsonError(`${what}: illegal base64 data`);
}

function exactInteger(value: bigint): number | bigint {
  const near = Number(value);
  return Number.isSafeInteger(near) ? near : value;
}

function doubleOf(value: unknown, what: string): number {
  if (typeof value === 'number') return value;
  // JavaScript's JSON writes NaN as null; the receivers refuse that, and so the whole request.
  const number = typeof value === 'string' ? named(value) : Number.NaN;
  if (!Number.isNaN(number) || value === 'NaN') return number;
  throw new JsonError(`${what}: ReadFloat64: unsupported value type ${describe(value)}`);
}

function named(text: string): number {
  const infinity = /^([+-]?)inf(inity)?$/i.exec(text);
  if (infinity) return infinity[1] === '-' ? -Infinity : Infinity;
  return text.trim() === '' ? Number.NaN : Number(text);
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
