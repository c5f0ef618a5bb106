// The oldest Node that is supported, as package.json says it.

import type { Notice } from './errors.ts';

export const leastNode = '22.15.0';

/** Whether a version `1.10.0` is the other or a newer one. */
export function isAtLeast(version: string, least: string): boolean {
  const [left, right] = [numbersOf(version), numbersOf(least)];
  const at = right.findIndex((part, index) => part !== (left[index] ?? 0));
  return at < 0 || (left[at] ?? 0) > (right[at] ?? 0);
}

/** `1.10.0` -> [1, 10, 0] */
function numbersOf(version: string): number[] {
  return version.split(/[.+-]/, 3).map(Number);
}

/** What init() says on an older one, where records may well go: nobody has tried. */
export function nodeNotices(version: string): Notice[] {
  if (isAtLeast(version, leastNode)) return [];
  const message = `Node ${version} is older than ${leastNode}, the oldest that otel-setup is tested with. Use that one or a newer one.`;
  return [{ code: 'OTEL_SETUP_NODE_VERSION', level: 'warn', message }];
}
