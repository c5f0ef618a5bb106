// Hot path: runs on the caller's thread for every record.
// What a record gets from the request it belongs to: withLogContext's fields, and the baggage that is let in.

import type { Info, SharedFields } from '../record/info.ts';
import { fieldsOf, openLogContext } from './log-context.ts';

/** `info`: undefined for a record that winston has not made. `context`: the one of its call. */
export type ReadShared = (info: Info | undefined, context: unknown) => SharedFields | undefined;

interface ContextLike {
  getValue(key: symbol): unknown;
}

interface BaggageLike {
  getEntry(key: string): { readonly value: string } | undefined;
}

/** The key of every 1.x API. */
const baggageKey = Symbol.for('OpenTelemetry Baggage Key');

/** The caller's own fields beat the baggage, which anybody on the way may have written. */
export function createReadShared(baggageKeys: readonly string[]): ReadShared {
  const logContext = openLogContext();
  if (baggageKeys.length === 0) {
    return (info) => fieldsOf(info, logContext);
  }
  return (info, context) => {
    const fields = fieldsOf(info, logContext);
    const baggage = readBaggage(context, baggageKeys);
    return baggage === undefined ? fields : { ...baggage, ...fields };
  };
}

function readBaggage(context: unknown, keys: readonly string[]): SharedFields | undefined {
  try {
    const baggage = (context as ContextLike | undefined)?.getValue(baggageKey);
    return baggage === undefined ? undefined : entriesOf(baggage as BaggageLike, keys);
  } catch {
    // Baggage of a foreign make may throw; the record then goes without it.
    return undefined;
  }
}

function entriesOf(baggage: BaggageLike, keys: readonly string[]): SharedFields {
  const entries: Record<string, string> = {};
  for (const key of keys) {
    const entry = baggage.getEntry(key);
    if (entry !== undefined) {
      entries[key] = entry.value;
    }
  }
  return entries;
}
