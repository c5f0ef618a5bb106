// The one line at start: where records go, why, and how long they are safe here.

import type { Config, Endpoint } from './config/config.ts';
import type { Notice } from './errors.ts';
import { isOnMount } from './spool/is-on-mount.ts';
import type { SpoolStats } from './spool/options.ts';
import type { FileSystem } from './world.ts';

type Place = Pick<SpoolStats, 'directory' | 'mode'> & { readonly rootFrom?: string | undefined };

export function startLine(
  config: Config,
  endpoint: Endpoint,
  spool: Place,
  fs: FileSystem,
): Notice {
  const { origin } = new URL(endpoint.url);
  return {
    code: 'OTEL_SETUP_STARTED',
    level: 'info',
    message: `Logs go to ${origin} (route ${config.route}: ${config.routeReason}). ${survival(config, spool, fs)}`,
  };
}

/** How long what is not delivered yet is safe. */
export function survival(config: Config, spool: Place, fs: FileSystem): string {
  const waiting =
    config.route === 'alloy' ? 'What Alloy has not taken yet' : 'What is not delivered yet';
  if (spool.mode !== 'record' || spool.directory === undefined) {
    return `${waiting} is in memory only, and ends with the process.`;
  }
  return `${waiting} is in ${spool.directory}: ${lasting(config, spool.directory, spool.rootFrom, fs)}`;
}

function lasting(
  { platform }: Config,
  directory: string,
  from: string | undefined,
  fs: FileSystem,
): string {
  const isTemporary = from === 'temporary directory';
  // A name is no volume: an app's variable is set on the machine that has none, too.
  const onMount = platform.isEphemeral ? isOnMount(fs, directory) : undefined;
  const isUnnamed = isTemporary || from === 'home directory';
  if (platform.name === 'fly.io' && (onMount === false || (onMount === undefined && isUnnamed))) {
    return 'Fly.io starts a machine with a new root disk whenever its process has ended, so it ends with the process; mount a volume and name it in LOG_SPOOL_DIR.';
  }
  if (onMount === false) {
    return 'it survives the process, not the container, because no volume is mounted there; to keep it longer mount one and name it in LOG_SPOOL_DIR.';
  }
  if (platform.isEphemeral && isUnnamed) {
    return 'it survives the process, not the container, unless a volume is mounted there; to keep it longer mount one and name it in LOG_SPOOL_DIR.';
  }
  if (isTemporary) {
    return 'it survives the process, not a restart of the machine; LOG_SPOOL_DIR names a better place.';
  }
  return 'it survives the process, and lasts as long as that directory.';
}
