// Hot path: runs on the caller's thread for every record.
// The span that is active when the log call is made, whichever copy of the OpenTelemetry API the application has.

import { context as apiContext, type Context, ROOT_CONTEXT } from '@opentelemetry/api';
import type { Info } from '../record/info.ts';
import type { SpanIds } from '../record/log-record.ts';

/** Where instrumentation-winston, OpenTelemetry's winston transport and we keep the context of the call. */
export const contextSymbol: unique symbol = Symbol.for(
  'opentelemetry.js.contrib.winston.context',
) as never;

/** The global of every 1.x API; our own copy could not read that of an application on 1.9. */
const apiSymbol = Symbol.for('opentelemetry.js.api.1');
const spanKey = Symbol.for('OpenTelemetry Context Key SPAN');

interface ContextLike {
  getValue(key: symbol): unknown;
}

interface ApiGlobal {
  readonly context?: { active(): ContextLike };
}

export function activeContext(): unknown {
  const api = (globalThis as { [apiSymbol]?: ApiGlobal })[apiSymbol];
  return api?.context?.active();
}

/** The context of the call that made the info. */
export function contextOf(info: Info): unknown {
  return (info as { [contextSymbol]?: unknown })[contextSymbol] ?? activeContext();
}

/**
 * The context of a record that came through Logger.emit. sdk-logs asks its own copy of the API for it,
 * which sees nothing where the application's is of another version.
 */
export function contextOfEmit(given: Context | undefined): unknown {
  const isBlind = given === ROOT_CONTEXT && apiContext.active() === ROOT_CONTEXT;
  return given === undefined || isBlind ? activeContext() : given;
}

/** The ids of the span in a context; undefined when there is none, or none that is valid. */
export function spanIdsOf(context: unknown): SpanIds | undefined {
  if (typeof context !== 'object' || context === null) {
    return undefined;
  }
  try {
    const span = (context as ContextLike).getValue(spanKey) as
      | { spanContext(): SpanIds }
      | undefined;
    const ids = span?.spanContext();
    return ids !== undefined && isId(ids.traceId, 32) && isId(ids.spanId, 16) ? ids : undefined;
  } catch {
    // A span of a foreign make may throw: the record matters more than its ids.
    return undefined;
  }
}

/** W3C trace context: hexadecimal, of fixed length, not all zeros. */
function isId(id: unknown, length: number): id is string {
  if (typeof id !== 'string' || id.length !== length) {
    return false;
  }
  let zeros = true;
  for (let i = 0; i < length; i++) {
    const code = id.charCodeAt(i);
    if (code !== 48) {
      zeros = false;
    }
    if (!((code >= 48 && code <= 57) || ((code | 32) >= 97 && (code | 32) <= 102))) {
      return false;
    }
  }
  return !zeros;
}
