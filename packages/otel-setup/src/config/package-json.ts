// Name and version of the application, from the package.json nearest to its entry file.

import { dirname, join, resolve } from 'node:path';
import type { Host } from './host.ts';

export interface PackageName {
  readonly name: string;
  readonly version: string | undefined;
}

/** Upwards from the entry file, then from the working directory; a package.json without a name is passed over. */
export function nearestPackage(
  host: Pick<Host, 'argv1' | 'cwd' | 'readTextFile'>,
): PackageName | undefined {
  const starts = [host.cwd()];
  if (host.argv1 !== undefined && host.argv1 !== '')
    starts.unshift(dirname(resolve(host.cwd(), host.argv1)));
  const visited = new Set<string>();
  for (const start of starts) {
    for (let directory = start; !visited.has(directory); directory = dirname(directory)) {
      visited.add(directory);
      // A launcher's own package (pm2, jest) is not the application.
      if (/[\\/]node_modules(?:[\\/]|$)/.test(directory)) continue;
      const found = parsePackage(host.readTextFile(join(directory, 'package.json')));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function parsePackage(text: string | undefined): PackageName | undefined {
  if (text === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    if (typeof parsed !== 'object' || parsed === null || !('name' in parsed)) return undefined;
    if (typeof parsed.name !== 'string' || parsed.name === '') return undefined;
    const version = 'version' in parsed ? parsed.version : undefined;
    return {
      name: parsed.name,
      version: typeof version === 'string' && version !== '' ? version : undefined,
    };
  } catch {
    // A damaged package.json names nobody; the next one upwards may.
    return undefined;
  }
}
