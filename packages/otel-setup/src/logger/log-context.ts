// Hot path: runs on the caller's thread for every record.
// The fields that the records of one request share: kept along its asynchronous calls, read at each log call.

import { AsyncLocalStorage } from 'node:async_hooks';
import type { Info, SharedFields } from '../record/info.ts';
import { errorText, readField } from '../record/unreadable.ts';

const sharedKey = Symbol.for('otel-setup.log-context');

/** On an info: the fields at its call, `null` where there were none. */
export const fieldsSymbol: unique symbol = Symbol('otel-setup.fields');

/** One for all copies of this package in a thread. */
export interface LogContext {
  /** From the first withLogContext() on: until then nothing is looked up for a record. */
  storage: AsyncLocalStorage<SharedFields> | undefined;
  hasWarned: boolean;
}

interface Stamped {
  [fieldsSymbol]?: SharedFields | null;
}

/**
 * Runs `fn` and gives what it gives. Each record logged meanwhile, and in whatever `fn` starts and
 * awaits, gets `fields` as well: by any logger that `init()` made or adopted, their children, and
 * `loggerProvider`. A field that the call itself gives is kept; calls may nest, and then the inner
 * fields win (`undefined` takes an outer one away).
 *
 * May be used before `init()`. `fields` are copied once; where they are no object, `fn` runs without
 * them, and Node prints one warning (`OTEL_SETUP_LOG_CONTEXT`).
 * @throws {TypeError} when `fn` is no function; else only what `fn` throws
 */
export function withLogContext<T>(fields: Readonly<Record<string, unknown>>, fn: () => T): T {
  if (typeof fn !== 'function') {
    throw new TypeError(`withLogContext(fields, fn): fn must be a function, got ${typeof fn}.`);
  }
  const context = openLogContext();
  if (!isFields(fields)) {
    warnOnce(context, fields);
    return fn();
  }
  context.storage ??= new AsyncLocalStorage();
  const { storage } = context;
  return storage.run(merge(storage.getStore(), fields), fn);
}

/** Made when it is first asked for, whichever copy of this package asks. */
export function openLogContext(): LogContext {
  const shared = globalThis as { [sharedKey]?: LogContext };
  const existing = shared[sharedKey];
  if (existing !== undefined) {
    return existing;
  }
  const context: LogContext = { storage: undefined, hasWarned: false };
  Object.defineProperty(shared, sharedKey, { value: context });
  return context;
}

/** Keeps the fields of this call on its info, for a transport that comes to it later. */
export function stampFields(info: Info, { storage }: LogContext): void {
  if (storage !== undefined) {
    (info as Stamped)[fieldsSymbol] = storage.getStore() ?? null;
  }
}

/** Those of the info's call; of the present one where there is no info, or it could not be stamped. */
export function fieldsOf(
  info: Info | undefined,
  { storage }: LogContext,
): SharedFields | undefined {
  if (storage === undefined) {
    return undefined;
  }
  const stamped = (info as Stamped | undefined)?.[fieldsSymbol];
  return stamped === undefined ? storage.getStore() : (stamped ?? undefined);
}

function isFields(value: unknown): boolean {
  try {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    // A revoked Proxy cannot even be asked: what is wrong with it then stands in the records.
    return true;
  }
}

function merge(outer: SharedFields | undefined, inner: SharedFields): SharedFields {
  try {
    return { ...outer, ...inner };
  } catch {
    // A getter that throws takes none of its neighbours with it.
    return { ...outer, ...readable(inner) };
  }
}

function readable(fields: SharedFields): SharedFields {
  try {
    return Object.fromEntries(Object.keys(fields).map((key) => [key, readField(fields, key)]));
  } catch (error) {
    return { 'otel_setup.log_context': `[unreadable: ${errorText(error)}]` };
  }
}

/** By Node's own warnings, because init() may be still to come. */
function warnOnce(context: LogContext, fields: unknown): void {
  if (context.hasWarned) {
    return;
  }
  context.hasWarned = true;
  const got = Array.isArray(fields) ? 'an array' : fields === null ? 'null' : typeof fields;
  process.emitWarning(
    `withLogContext(fields, fn): fields must be an object, got ${got}; fn runs without them.`,
    { code: 'OTEL_SETUP_LOG_CONTEXT' },
  );
}
