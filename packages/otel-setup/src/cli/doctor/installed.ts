// Which copy of a package a file would load: as Node resolves it, not as a list of dependencies says it.

import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export interface Installed {
  readonly name: string;
  readonly version: string;
  /** The folder of its package.json, without links. */
  readonly folder: string;
}

interface Manifest {
  readonly name?: unknown;
  readonly version?: unknown;
  readonly dependencies?: unknown;
  readonly optionalDependencies?: unknown;
}

/** Undefined where it is not installed for whoever lives in `folder`. */
export function findInstalled(folder: string, name: string): Installed | undefined {
  try {
    const entry = createRequire(join(folder, 'index.js')).resolve(name);
    for (let at = dirname(entry); at !== dirname(at); at = dirname(at)) {
      const manifest = readManifest(at);
      if (manifest?.name !== name || typeof manifest.version !== 'string') continue;
      return { name, version: manifest.version, folder: realpathSync(at) };
    }
  } catch {
    // Not installed, or nothing that Node could load.
  }
  return undefined;
}

/** Names in the dependencies of the nearest package.json; those for development are not there when it runs. */
export function declaredIn(folder: string): ReadonlySet<string> {
  for (let at = folder; ; at = dirname(at)) {
    const manifest = readManifest(at);
    if (manifest !== undefined) {
      const lists = [manifest.dependencies, manifest.optionalDependencies];
      return new Set(lists.flatMap((list) => Object.keys(Object(list))));
    }
    if (at === dirname(at)) return new Set();
  }
}

function readManifest(folder: string): Manifest | undefined {
  try {
    const parsed: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    // Not every folder has one.
    return undefined;
  }
}
