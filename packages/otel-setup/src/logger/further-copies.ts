// Copies of winston that neither otel-setup nor the application's main file loads: a shared library may have one of its
// own, of another version.

import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';
import type winston from 'winston';

/** Calls `meet` for each copy right before it is handed to whoever asks for `winston`. */
export function watchFurtherCopies(meet: (library: typeof winston) => void): void {
  const asked = new Set<string>();
  // Not in every runtime that says it is Node.
  nodeModule.registerHooks?.({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context);
      if (specifier === 'winston' && !asked.has(resolved.url)) {
        asked.add(resolved.url);
        const library = load(resolved.url);
        if (library !== undefined) meet(library);
      }
      return resolved;
    },
  });
}

function load(url: string): typeof winston | undefined {
  try {
    const path = fileURLToPath(url);
    return nodeModule.createRequire(path)(path);
  } catch {
    // The application's own attempt says why. Or it is no file: somebody's mock, which makes no loggers.
    return undefined;
  }
}
