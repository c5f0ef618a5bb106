// Hot path: runs on the caller's thread for every condition on an attribute.
// Finds an attribute, or a field inside one, in a record's columns.

import type { SentKey } from '../attribute-name.ts';
import type { AnyValue } from '../log-record.ts';
import type { MadeRecord } from '../made-record.ts';

export type MapValue = { readonly [key: string]: AnyValue };

export function isMap(value: AnyValue): value is MapValue {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array)
  );
}

export function indexOfKey(keys: readonly SentKey[], name: string): number {
  for (let i = 0; i < keys.length; i++) {
    if (keys[i]?.key === name) {
      return i;
    }
  }
  return -1;
}

export function findAttribute({ keys, values }: MadeRecord, name: string): AnyValue {
  const index = indexOfKey(keys, name);
  return index < 0 ? undefined : values[index];
}

/** The field that `steps` lead to, the first of them the attribute's name. */
export function findField(record: MadeRecord, steps: readonly string[]): AnyValue {
  let value = findAttribute(record, steps[0] ?? '');
  for (let i = 1; i < steps.length; i++) {
    const step = steps[i] ?? '';
    if (!isMap(value) || !Object.hasOwn(value, step)) {
      return undefined;
    }
    value = value[step];
  }
  return value;
}
