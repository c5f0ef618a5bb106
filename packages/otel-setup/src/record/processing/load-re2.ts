// Loads RE2 when a rule has a pattern: 5 ms of a start that others need not pay.

import { createRequire } from 'node:module';
import { getCallSites } from 'node:util';

/** Undefined where it is not installed. */
export function loadRe2(): typeof import('re2js') | undefined {
  try {
    // A call that bundlers and file tracers (Next.js) see, in the build that runs; the sources are ES modules, without it.
    return typeof require === 'function' ? require('re2js') : createRequire(thisFile())('re2js');
  } catch {
    // The caller says what to do about it.
    return undefined;
  }
}

/** Neither `import.meta` nor `__filename` exists in both builds. */
function thisFile(): string {
  return getCallSites(1, { sourceMap: false })[0]?.scriptName ?? '';
}
