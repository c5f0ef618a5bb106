// Objects of Node and the web that keep what they hold to themselves, or are far too large as they are.

import { readText } from './unreadable.ts';

const maxEntries = 1_000;

interface Host {
  readonly [Symbol.toStringTag]?: unknown;
  readonly pipe?: unknown;
  readonly getHeaders?: unknown;
  readonly [field: string]: unknown;
}

/**
 * What is logged in the place of `value`: an object with fields, a text, or the value itself; for one
 * that shows no fields the name of its class.
 */
export function formOf(value: object): unknown {
  const form = hostForm(value);
  if (form !== undefined || Object.keys(value).length > 0) {
    return form ?? value;
  }
  const name = className(value);
  return name === '' ? value : `[${name}]`;
}

/**
 * Told apart by their tags and methods: naming the classes would load Node's `fetch` (20 ms) into
 * every application.
 */
function hostForm(value: object): unknown {
  const host = value as Host;
  if (typeof host.pipe === 'function' || typeof host.getHeaders === 'function') {
    return streamFields(host);
  }
  switch (host[Symbol.toStringTag]) {
    case 'URLSearchParams':
    case 'URL':
      return String(host);
    case 'Headers':
    case 'FormData':
      return grouped(host);
    case 'Request':
      return pick(host, ['method', 'url', 'headers']);
    case 'Response':
      return pick(host, ['status', 'statusText', 'url', 'headers']);
    case 'Blob':
    case 'File':
      return pick(host, ['name', 'size', 'type']);
    default:
      return value instanceof URL ? String(value) : undefined;
  }
}

/** A stream holds its buffers, its socket and all that is attached to them. */
function streamFields(stream: Host): unknown {
  if (typeof stream.httpVersion === 'string') {
    const url = stream.originalUrl ?? stream.url;
    return { ...pick(stream, ['method']), ...(url ? { url } : {}), ...answer(stream) };
  }
  if (typeof stream.getHeaders !== 'function') {
    return `[${className(stream)}]`;
  }
  if ('statusCode' in stream) {
    return { ...pick(stream, ['statusCode']), headers: stream.getHeaders() };
  }
  return pick(stream, ['method', 'protocol', 'host', 'path']);
}

function answer(message: Host): object {
  return pick(message, ['statusCode', 'statusMessage', 'headers']);
}

function pick(host: Host, keys: readonly string[]): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const key of keys) {
    const value = host[key];
    if (value !== undefined && value !== null) {
      picked[key] = value;
    }
  }
  return picked;
}

/** Fields that may come several times: each time's value, in a list where there are several. */
function grouped(host: Host): unknown {
  const fields: Record<string, unknown> = Object.create(null);
  let count = 0;
  for (const [key, value] of host as unknown as Iterable<[string, unknown]>) {
    if (++count > maxEntries) {
      break;
    }
    const before = fields[key];
    fields[key] =
      before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value];
  }
  return fields;
}

/** The name of an object's class, '' for a plain object. */
function className(value: object): string {
  const tag: unknown = (value as Host)[Symbol.toStringTag];
  if (typeof tag === 'string' && tag !== '') {
    return tag.slice(0, 100);
  }
  const ownClass: unknown = (value as Host).constructor;
  const name = typeof ownClass === 'function' ? readText(ownClass, 'name') : '';
  return name === 'Object' ? '' : name.slice(0, 100);
}
