// Hot path: runs on the caller's thread for every record of a request with fields of its own.
// Puts what the records of a request have in common behind a record's own fields.

import { usableKey } from './attribute-name.ts';
import type { Draft } from './draft.ts';
import type { SharedFields } from './info.ts';

/** Never in place of a field that the record itself has. */
export function addShared(draft: Draft, fields: SharedFields): void {
  for (const key of Object.keys(fields)) {
    if (!hasField(draft, key)) {
      draft.putAny(key, fields[key]);
    }
  }
}

function hasField(draft: Draft, key: string): boolean {
  if (key === 'event.name' || key === 'otel.event.name') {
    return draft.eventName !== undefined;
  }
  const sentAs = usableKey(key);
  for (const sent of draft.keys) {
    if (sent.key === sentAs) {
      return true;
    }
  }
  return false;
}
