// Hot path: what is made here runs on the caller's thread for every record.
// Renames, adds and removes attributes: the changed record is a new one, what its values hold is never touched.

import { type SentKey, shownName } from '../attribute-name.ts';
import type { AnyValue } from '../log-record.ts';
import { MadeRecord } from '../made-record.ts';
import { findField, indexOfKey, isMap } from './find-attribute.ts';
import type { AttributePath, Simple } from './rules.ts';

export type Change = (record: MadeRecord) => MadeRecord;

export function renaming(from: AttributePath, to: string): Change {
  const key: SentKey = { key: to, encoded: undefined };
  const isTaken = createIsTaken(to);
  return (record) => {
    const index = indexOfKey(record.keys, from.name);
    if (isTaken(record, index)) {
      return record;
    }
    if (index >= 0) {
      return withColumns(record, record.keys.with(index, key), record.values);
    }
    const value = from.steps.length > 1 ? findField(record, from.steps) : undefined;
    return value === undefined || value === null
      ? record
      : withAttribute(withoutField(record, from.steps), key, value);
  };
}

export function adding(name: string, value: Simple): Change {
  const key: SentKey = { key: name, encoded: undefined };
  const isTaken = createIsTaken(name);
  return (record) => (isTaken(record, -1) ? record : withAttribute(record, key, value));
}

export function removing({ name, steps }: AttributePath): Change {
  return (record) => {
    const index = indexOfKey(record.keys, name);
    const rest =
      index < 0
        ? record
        : withColumns(record, record.keys.toSpliced(index, 1), record.values.toSpliced(index, 1));
    return steps.length > 1 && findField(rest, steps) !== undefined
      ? withoutField(rest, steps)
      : rest;
  };
}

/** Whether another attribute than the one at `except` has the name, or shows under the same one in Loki. */
function createIsTaken(name: string): (record: MadeRecord, except: number) => boolean {
  const shown = shownName(name);
  // A name of letters and digits only meets no other one.
  const isPlain = /^[A-Za-z][A-Za-z0-9]*$/.test(name);
  const shows = createShows(shown);
  const meets = (key: string, value: AnyValue): boolean =>
    shows(key) || (isMap(value) && hasLeaf(value, key, shown));
  return ({ keys, values }, except) => {
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]?.key ?? '';
      if (i !== except && (key === name || (!isPlain && meets(key, values[i])))) {
        return true;
      }
    }
    return false;
  };
}

/** Whether a field within it shows under the name: Loki joins the names of nested fields by `_`. */
function hasLeaf(map: { readonly [key: string]: AnyValue }, path: string, shown: string): boolean {
  return Object.entries(map).some(([key, value]) => {
    const inner = `${path}_${key}`;
    return isMap(value) ? hasLeaf(value, inner, shown) : shownName(inner) === shown;
  });
}

const maxRemembered = 1_024;

/** Whether a key shows under the name in Loki; asked for ever the same keys. */
function createShows(shown: string): (key: string) => boolean {
  const known = new Map<string, boolean>();
  return (key) => {
    let found = known.get(key);
    if (found === undefined) {
      found = shownName(key) === shown;
      if (known.size < maxRemembered) {
        known.set(key, found);
      }
    }
    return found;
  };
}

function withAttribute(record: MadeRecord, key: SentKey, value: AnyValue): MadeRecord {
  return withColumns(record, [...record.keys, key], [...record.values, value]);
}

function withColumns(
  record: MadeRecord,
  keys: readonly SentKey[],
  values: readonly AnyValue[],
): MadeRecord {
  return new MadeRecord(record, record.body, record.eventName, keys, values);
}

function withoutField(record: MadeRecord, [name = '', ...steps]: readonly string[]): MadeRecord {
  const index = indexOfKey(record.keys, name);
  const value = withoutStep(record.values[index], steps);
  return withColumns(record, record.keys, record.values.with(index, value));
}

function withoutStep(value: AnyValue, [step = '', ...more]: readonly string[]): AnyValue {
  if (!isMap(value)) {
    return value;
  }
  if (more.length === 0) {
    const { [step]: _removed, ...rest } = value;
    return rest;
  }
  return { ...value, [step]: withoutStep(value[step], more) };
}
