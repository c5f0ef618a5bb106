// What formats have left of an object that is told by its `toJSON`: they saw its fields, not what that tells.

import type { Info } from './info.ts';
import { toldJson } from './told-json.ts';
import { readField } from './unreadable.ts';

/** Of an info, whatever was logged. */
const winstonsOwn = new Set(['level', 'message', 'stack', 'cause']);

/** `value` itself unless it is `unspread`, whose fields winston has made the record's, and one was masked or left out since. */
export function asLeft(info: Info, value: unknown, unspread: object | undefined): unknown {
  if (unspread === undefined || value !== unspread || ArrayBuffer.isView(unspread)) {
    return value;
  }
  try {
    const fields = Object.keys(unspread).filter((key) => !winstonsOwn.has(key));
    const changed = new Set(fields.filter((key) => info[key] !== readField(unspread, key)));
    return changed.size === 0 ? value : toldWithout(changed, info, unspread);
  } catch {
    // What throws is told where it is rendered.
    return value;
  }
}

function toldWithout(changed: ReadonlySet<string>, info: Info, value: object): unknown {
  const { toJSON } = value as { toJSON?: (key: string) => unknown };
  const told = typeof toJSON === 'function' ? toldJson(value, toJSON) : undefined;
  if (typeof told !== 'object' || told === null || Array.isArray(told)) {
    return value;
  }
  const isLeft = (key: string) => !changed.has(key) || Object.hasOwn(info, key);
  const left = Object.entries(told).filter(([key]) => isLeft(key));
  return Object.fromEntries(left.map(([key, v]) => [key, changed.has(key) ? info[key] : v]));
}
