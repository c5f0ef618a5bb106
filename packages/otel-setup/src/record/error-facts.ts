// What an Error holds, read without trusting it: its getters may throw, its class may be of another realm.

import { types } from 'node:util';
import { levelSymbol } from './info.ts';
import { toldJson } from './told-json.ts';
import { readField, readItems, readText } from './unreadable.ts';

/** Total: `instanceof` itself throws for a revoked Proxy, and does not know another realm's Errors. */
export function isError(value: unknown): value is Error {
  try {
    // The last question costs more than both others, and hardly any object needs it.
    return (
      value instanceof Error ||
      (typeof value === 'object' &&
        value !== null &&
        Object.getPrototypeOf(value) !== Object.prototype &&
        types.isNativeError(value))
    );
  } catch {
    // What cannot even be asked is rendered as unreadable, like any other value.
    return false;
  }
}

/** An Error, or an object that was one before it was copied or sent: a message and a stack trace. */
export function isErrorLike(value: unknown): value is Error {
  return isError(value) || (typeof value === 'object' && value !== null && isErrorCopy(value));
}

export function isErrorCopy(value: object): value is Error {
  try {
    const { stack, message } = value as { stack?: unknown; message?: unknown };
    return isStack(stack) && typeof message === 'string';
  } catch {
    // A getter that throws: rendered field by field.
    return false;
  }
}

export function isStack(value: unknown): value is string {
  return typeof value === 'string' && value.includes('\n    at ');
}

/** The name, unless it says no more than that this is an Error: then its class. */
export function errorType(error: Error): string {
  const name = readText(error, 'name');
  if (name !== '' && name !== 'Error') {
    return name;
  }
  const ownClass = readField(error, 'constructor');
  const className = typeof ownClass === 'function' ? readText(ownClass, 'name') : '';
  return className === '' || className === 'Object' ? name || typeInStack(error) : className;
}

/** `RangeError` of `RangeError: too far\n    at ...`, all that a copy has kept of its class. */
function typeInStack(error: Error): string {
  const stack = readText(error, 'stack');
  return /^([A-Za-z_$][\w$.]*)(?:: |\n)/.exec(stack)?.[1] ?? 'Error';
}

/** The other values that an Error refers to, each with what it is to this one. */
export function linkedValues(error: Error): [relation: string, value: unknown][] {
  const members = readItems(membersOf(error), maxMembers);
  const links: [string, unknown][] = members.map((member, i) => [`errors[${i}]`, member]);
  const cause = causeOf(error);
  if (cause !== undefined) {
    links.push(['Caused by', cause]);
  }
  if (isSuppressed(error)) {
    links.push(['Caused by', readField(error, 'error')]);
    links.push(['Suppressed', readField(error, 'suppressed')]);
  }
  return links;
}

/** All that an Error holds, as fields of a value; causes and members with all of theirs. */
export function errorEntries(error: Error): [key: string, value: unknown][] {
  const entries: [string, unknown][] = [
    ['type', errorType(error)],
    ['message', readText(error, 'message')],
    ['stacktrace', readText(error, 'stack')],
    ['cause', causeOf(error)],
  ];
  const members = membersOf(error);
  if (members.length > 0) {
    entries.push(['errors', members]);
  }
  if (isSuppressed(error)) {
    entries.push(['error', readField(error, 'error')]);
    entries.push(['suppressed', readField(error, 'suppressed')]);
  }
  return [...entries, ...Object.entries(extraFields(error))];
}

export function causeOf(error: Error): unknown {
  const cause = readField(error, 'cause');
  // Some libraries have a method of that name.
  return typeof cause === 'function' ? undefined : cause;
}

/** What `using` throws when both a block and its disposal throw. */
function isSuppressed(error: Error): boolean {
  return readText(error, 'name') === 'SuppressedError';
}

const aggregate = 'AggregateError';
const maxMembers = 32;

/** An AggregateError's; other classes list details under that name, which stay a field. */
function membersOf(error: Error): readonly unknown[] {
  try {
    const { errors } = error as { errors?: unknown };
    const isMembers =
      Array.isArray(errors) && (isError(errors[0]) || errorType(error) === aggregate);
    return isMembers ? errors : [];
  } catch {
    // A getter that throws: no members that could be told.
    return [];
  }
}

const knownFields = new Set(['name', 'message', 'stack', 'cause']);

/** What an Error has besides what every Error has: its own enumerable fields, and what its `toJSON` tells. */
export function extraFields(error: Error): Record<string, unknown> {
  const fields: Record<string, unknown> = Object.create(null);
  const hidden = membersOf(error).length > 0 ? 'errors' : undefined;
  const marked = hasMark(error) ? 'level' : undefined;
  const isExtra = (key: string) => !knownFields.has(key) && key !== hidden && key !== marked;
  for (const key of ownKeys(error).filter(isExtra)) {
    fields[key] = readField(error, key);
  }
  const told = toldFields(error);
  for (const key of ownKeys(told).filter(isExtra)) {
    const value = readField(told, key);
    if (value !== undefined) {
      fields[key] = value;
    }
  }
  return fields;
}

/** Whether its `level` is winston's: of a call that logged it alone, it keeps the level twice. */
export function hasMark(error: object): boolean {
  return readField(error, levelSymbol) !== undefined;
}

function ownKeys(value: object): string[] {
  try {
    return Object.keys(value);
  } catch {
    // A Proxy that does not tell its keys has none.
    return [];
  }
}

function toldFields(error: Error): object {
  try {
    const { toJSON } = error as { toJSON?: (key: string) => unknown };
    const told = typeof toJSON === 'function' ? toldJson(error, toJSON) : undefined;
    return typeof told === 'object' && told !== null ? told : {};
  } catch {
    // Its own fields are there all the same.
    return {};
  }
}
