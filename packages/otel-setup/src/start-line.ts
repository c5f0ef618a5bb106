// The one line at start: where records go, why, and how long they are safe here.

import type { Config, Endpoint } from './config/config.ts';
import type { Notice } from './errors.ts';
import type { SpoolStats } from './spool/options.ts';

type Place = Pick<SpoolStats, 'directory' | 'mode'> & { readonly rootFrom?: string | undefined };

export function startLine(config: Config, endpoint: Endpoint, spool: Place): Notice {
  const { origin } = new URL(endpoint.url);
  return {
    code: 'OTEL_SETUP_STARTED',
    level: 'info',
    message: `Logs go to ${origin} (route ${config.route}: ${config.routeReason}). ${survival(config, spool)}`,
  };
}

/** How long what is not delivered yet is safe. */
export function survival(config: Config, spool: Place): string {
  const waiting =
    config.route === 'alloy' ? 'What Alloy has not taken yet' : 'What is not delivered yet';
  if (spool.mode !== 'record' || spool.directory === undefined) {
    return `${waiting} is in memory only, and ends with the process.`;
  }
  const place = `${waiting} is in ${spool.directory}`;
  if (config.platform.name === 'fly.io' && spool.rootFrom !== 'LOG_SPOOL_DIR') {
    return `${place}: Fly.io starts a machine with a new root disk whenever its process has ended, so it ends with the process; mount a volume and name it in LOG_SPOOL_DIR.`;
  }
  const isTemporary = spool.rootFrom === 'temporary directory';
  if (config.platform.isEphemeral && (isTemporary || spool.rootFrom === 'home directory')) {
    return `${place}: it survives the process, not the container, unless a volume is mounted there; to keep it longer mount one and name it in LOG_SPOOL_DIR.`;
  }
  if (isTemporary) {
    return `${place}: it survives the process, not a restart of the machine; LOG_SPOOL_DIR names a better place.`;
  }
  return `${place}: it survives the process, and lasts as long as that directory.`;
}
