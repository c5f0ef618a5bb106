// Loads RE2 when a rule has a pattern: 5 ms of a start that others need not pay.

import { createRequire } from 'node:module';
import { getCallSites } from 'node:util';

/** Undefined where it cannot be found: this file was bundled into another, far from any node_modules. */
export function loadRe2(): typeof import('re2js') | undefined {
  // Neither `import.meta` nor `__filename` exists in both builds.
  const here = getCallSites(1, { sourceMap: false })[0]?.scriptName ?? '';
  try {
    return createRequire(here)('re2js');
  } catch {
    // The caller says what to do about it.
    return undefined;
  }
}
