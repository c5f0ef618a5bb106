// Where the spool may lie, in the order in which it is tried.

import { isAbsolute, join, resolve } from 'node:path';
import type { SpoolConfig } from './config.ts';
import type { Setting } from './findings.ts';
import type { Host } from './host.ts';

/** A directory that was named is the only candidate: records never go where nobody looks for them. */
export function spoolRoots(named: Setting | undefined, host: Host): SpoolConfig['roots'] {
  if (named !== undefined) {
    const path = named.value.replace(/^~(?=$|\/)/, () => host.homedir());
    return freeze([{ path: resolve(host.cwd(), path), from: named.name }]);
  }
  const { STATE_DIRECTORY: systemd, XDG_STATE_HOME: state } = host.env;
  const home = host.homedir();
  const candidates = [
    { path: systemd?.split(':')[0] ?? '', from: 'STATE_DIRECTORY' },
    isAbsolute(state ?? '')
      ? { path: join(state ?? '', 'otel-setup'), from: 'XDG_STATE_HOME' }
      : { path: home === '' ? '' : join(home, '.local/state/otel-setup'), from: 'home directory' },
    { path: join(host.tmpdir(), `otel-setup-${host.uid ?? 'user'}`), from: 'temporary directory' },
  ];
  return freeze(candidates.filter(({ path }) => isAbsolute(path)));
}

function freeze(roots: SpoolConfig['roots']): SpoolConfig['roots'] {
  return Object.freeze(roots.map((root) => Object.freeze(root)));
}
