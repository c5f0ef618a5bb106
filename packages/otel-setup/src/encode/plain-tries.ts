// Hot path: runs on the caller's thread for every record.
// Which records the plain encoder tries: of those that begin like one it has left, not each.

import type { AttributeName } from '../record/attribute-name.ts';

/** Records that are not tried, after as many of their kind were left in a row. */
const mostRefused = 31;

/** Records of a kind begin alike: of those that were left, most are not tried again, and cost no second look. */
export function isWaiting(first: AttributeName): boolean {
  if (first.waits === 0) {
    return false;
  }
  first.waits--;
  return true;
}

export function refuse(first: AttributeName | undefined): void {
  if (first === undefined) {
    return;
  }
  first.refused = Math.min(first.refused * 2 + 1, mostRefused);
  first.waits = first.refused;
}

export function forgive(first: AttributeName | undefined): void {
  if (first !== undefined) {
    first.refused = 0;
  }
}
