// Loads the reference pipeline when it is asked for: its packages are a sixth of the time that a cold start takes.

import { createRequire } from 'node:module';
import { getCallSites } from 'node:util';
import type { startReference } from './reference.ts';

/**
 * Synchronous, as init() is, in the ES module build as well as in the CommonJS one (Node has
 * `require()` of ES modules since 22.12). Throws where this file was bundled into another.
 */
export function loadReference(): typeof startReference {
  // Neither `import.meta` nor `__filename` exists in both builds. Not mapped: the sources are not in the package.
  const here = getCallSites(1, { sourceMap: false })[0]?.scriptName ?? '';
  const neighbour = here.endsWith('.ts') ? './reference.ts' : './reference.js';
  return createRequire(here)(neighbour).startReference;
}
