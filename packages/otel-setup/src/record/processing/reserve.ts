// What rules add counts against a record's limits: room is kept for it before the record is cut to them.

import type { Limits } from '../limits.ts';
import type { Action, Rule } from './rules.ts';

interface Additions {
  readonly entries: number;
  readonly bytes: number;
}

/** Bytes of one entry beside its name and value. */
const entryBytes = 16;

export function reserveFor(rules: readonly Rule[], limits: Limits): Limits {
  const { bytes, entries } = additionsOf(rules);
  return {
    ...limits,
    attributeCount: Math.max(1, limits.attributeCount - entries),
    attributeBytes: Math.max(1_024, limits.attributeBytes - bytes),
  };
}

/** What all rules together may add to one record. */
export function additionsOf(rules: readonly Rule[]): Additions {
  const added = rules.map(({ action }) => additions(action));
  return {
    entries: added.reduce((sum, each) => sum + each.entries, 0),
    bytes: added.reduce((sum, each) => sum + each.bytes, 0),
  };
}

function additions(action: Action): Additions {
  const texts =
    action.type === 'add'
      ? action.attributes.map(([name, value]) => `${name}${value}`)
      : action.type === 'rename'
        ? action.names.map(({ to }) => to)
        : [];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text) + entryBytes, 0);
  // A field that is renamed leaves its object and becomes an entry of its own.
  const entries =
    action.type === 'rename'
      ? action.names.filter(({ from }) => from.steps.length > 1).length
      : texts.length;
  return { entries, bytes };
}
