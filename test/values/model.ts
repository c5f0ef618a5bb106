// The rules of docs/values.md once more, as briefly as they can be written, for values within the limits.

import type { Sent } from './case.ts';

type Open = readonly unknown[];

const maxDepth = 8;

/** What a value becomes inside a list; `unreadable` stands for every text that says so. */
export function model(value: unknown, depth: number, open: Open = []): Sent {
  return rendered(value, depth, open) ?? null;
}

export const unreadable = '[unreadable]';

function rendered(value: unknown, depth: number, open: Open): Sent | undefined {
  try {
    return render(value, depth, open);
  } catch {
    // Whatever it threw.
    return unreadable;
  }
}

function render(value: unknown, depth: number, open: Open): Sent | undefined {
  if (value === undefined || value === null || typeof value === 'boolean') {
    return value as boolean | null | undefined;
  }
  if (typeof value === 'string') {
    return wellFormed(value);
  }
  if (typeof value === 'number') {
    return renderNumber(value, open.length > 0);
  }
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  if (typeof value === 'symbol') {
    return wellFormed(String(value));
  }
  if (typeof value === 'function') {
    return functionText(value);
  }
  return renderObject(value as object, depth, open);
}

function renderNumber(value: number, isInside: boolean): Sent {
  if (isInside && !Number.isFinite(value)) {
    return String(value);
  }
  return Number.isInteger(value) && Math.abs(value) > 2 ** 53 && Math.abs(value) < 2 ** 63
    ? BigInt(value)
    : value;
}

function functionText(value: object): string {
  try {
    return `[Function ${(value as { name: string }).name || 'anonymous'}]`;
  } catch {
    return `[Function ${unreadable}]`;
  }
}

/** What `toJSON` gives is not asked for its own. */
function renderObject(value: object, depth: number, open: Open, isTold = false): Sent | undefined {
  const prototypes = prototypesOf(value);
  const is = (kind: { readonly prototype: object }) => prototypes.includes(kind.prototype);
  const single = singleValue(value, is, open);
  if (single !== undefined) {
    return single;
  }
  if (open.includes(value)) {
    return '[Circular]';
  }
  if (depth === maxDepth) {
    return Array.isArray(value) ? '[cut: Array]' : '[cut: Object]';
  }
  const inside = [...open, value];
  const next = (item: unknown) => rendered(item, depth + 1, inside);
  if (is(Error)) {
    return fields(errorParts(value as Error), next);
  }
  const { toJSON } = value as { toJSON?: () => unknown };
  if (typeof toJSON !== 'function' || isTold) {
    return contents(value, is, next);
  }
  const json = toJSON.call(value);
  if (typeof json !== 'object' || json === null) {
    return rendered(json, depth + 1, inside);
  }
  return json === value ? contents(value, is, next) : renderObject(json, depth, inside, true);
}

/** Those of a Proxy are its target's. */
function prototypesOf(value: object): readonly unknown[] {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null ? [] : [prototype, ...prototypesOf(prototype)];
}

type Is = (kind: { readonly prototype: object }) => boolean;

function singleValue(value: object, is: Is, open: Open): Sent | undefined {
  if (is(Date)) {
    const time = Date.prototype.getTime.call(value);
    return Number.isNaN(time) ? 'Invalid Date' : new Date(time).toISOString();
  }
  if (is(Uint8Array)) {
    return new Uint8Array(value as Uint8Array);
  }
  if (is(DataView)) {
    return new Uint8Array((value as DataView).buffer);
  }
  if (is(RegExp) || is(URL)) {
    return String(value);
  }
  for (const boxed of [String, Number, Boolean, BigInt, Symbol]) {
    if (is(boxed)) {
      return render(Reflect.apply(boxed.prototype.valueOf, value, []), 0, open);
    }
  }
  const opaque = [Promise, WeakMap].find(is);
  if (opaque !== undefined) {
    return `[${opaque.name}]`;
  }
  return Object.prototype.toString.call(value) === '[object Generator]' ? '[Generator]' : undefined;
}

type Next = (item: unknown) => Sent | undefined;

function contents(value: object, is: Is, next: Next): Sent {
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    const list = value as unknown as readonly unknown[];
    return Array.from({ length: list.length }, (_, i) => read(list, String(i), next) ?? null);
  }
  if (is(Set) && !isProxy(value, Set)) {
    return [...(value as Set<unknown>)].map((item) => next(item) ?? null);
  }
  if (is(Map) && !isProxy(value, Map)) {
    return mapContents([...Map.prototype.entries.call(value)], next);
  }
  const keys = Object.keys(value);
  const name = keys.length === 0 ? className(value) : 'Object';
  return name === 'Object' || name === undefined
    ? fields(
        keys.map((key) => [key, read(value, key, next)]),
        (item) => item as Sent,
      )
    : `[${name}]`;
}

/** Built-in methods refuse what is a Map by its prototype only. */
function isProxy(value: object, kind: typeof Map | typeof Set): boolean {
  try {
    kind.prototype.has.call(value, undefined);
    return false;
  } catch {
    return true;
  }
}

function mapContents(entries: readonly [unknown, unknown][], next: Next): Sent {
  const isObject = (key: unknown) =>
    typeof key === 'function' || (typeof key === 'object' && key !== null);
  // A pair is a list, and so a level of its own.
  return entries.some(([key]) => isObject(key))
    ? entries.map((pair) => next(pair) ?? null)
    : fields(
        entries.map(([key, value]) => [String(key), value]),
        next,
      );
}

function read(value: object, key: string, next: Next): Sent | undefined {
  let item: unknown;
  try {
    item = (value as Record<string, unknown>)[key];
  } catch {
    return unreadable;
  }
  return next(item);
}

function className(value: object): string | undefined {
  const tag = (value as { [Symbol.toStringTag]?: string })[Symbol.toStringTag];
  return tag ?? (value.constructor as { name?: string } | undefined)?.name;
}

function fields(entries: readonly (readonly [string, unknown])[], next: Next): Sent {
  const map: Record<string, Sent> = {};
  for (const [name, value] of entries) {
    const shown = next(value);
    if (shown === undefined) {
      continue;
    }
    let key = keyOf(name);
    for (let i = 2; Object.hasOwn(map, key); i++) {
      key = `${keyOf(name)}_${i}`;
    }
    map[key] = shown;
  }
  return map;
}

function keyOf(name: string): string {
  const key = wellFormed(name.slice(0, 256));
  if (key === '__proto__') {
    return 'proto';
  }
  if (/[a-z0-9]/i.test(key)) {
    return key;
  }
  return key === '' ? 'key_empty' : `key_${Buffer.from(key).subarray(0, 32).toString('hex')}`;
}

function errorParts(error: Error): [string, unknown][] {
  const get = (key: string): unknown => {
    try {
      return (error as unknown as Record<string, unknown>)[key];
    } catch {
      return unreadable;
    }
  };
  const { name, errors } = { name: String(get('name')), errors: get('errors') };
  const own = Object.keys(error).filter(
    (key) => !['level', 'name', 'message', 'stack', 'cause'].includes(key),
  );
  return [
    ['type', name],
    ['message', get('message')],
    ['stacktrace', get('stack')],
    ['cause', get('cause')],
    ...(name === 'AggregateError' ? [['errors', errors] as [string, unknown]] : []),
    ...own.map((key): [string, unknown] => [key, get(key)]),
  ];
}

function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}
