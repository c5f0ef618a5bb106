// Where the process runs, by what only this platform sets; first match wins.

import { applicationPlatforms } from './application-platforms.ts';
import { cloudPlatforms } from './cloud-platforms.ts';
import { containerPlatforms } from './container-platforms.ts';
import type { Env } from './environment.ts';
import type { Host } from './host.ts';

/** What tells a platform: its variables, and files that it puts into every container. */
export type Surroundings = Pick<Host, 'env' | 'hostname' | 'readTextFile'>;

export interface Platform {
  readonly name: string;
  readonly isHere: (here: Surroundings) => boolean;
  /** Resource attributes; undefined and blank ones are left out. */
  readonly attributes: (here: Surroundings) => Readonly<Record<string, string | undefined>>;
  /** The source's revision, where the platform says it. */
  readonly commit?: (env: Env) => string | undefined;
  /** What tells this instance from the others of the service; it may survive restarts. */
  readonly instance: (here: Surroundings) => string | undefined;
  readonly stopSignal: 'SIGINT' | 'SIGTERM';
  /** Milliseconds between that signal and the forced end, as the platform sets it when nobody changed it. */
  readonly killAfterMs: (env: Env) => number;
  /** Whether what is written outside a mounted volume ends with the container or the machine. */
  readonly isEphemeral: boolean;
}

const unknown: Platform = {
  name: 'unknown',
  isHere: () => true,
  attributes: () => ({}),
  instance: () => undefined,
  stopSignal: 'SIGTERM',
  // Docker's, the shortest of what remains.
  killAfterMs: () => 10_000,
  isEphemeral: false,
};

/** Vercel and Azure run on others' containers, and Cloud Run's variables are Knative's: the closer name comes first. */
const platforms: readonly Platform[] = [
  ...applicationPlatforms,
  ...cloudPlatforms,
  ...containerPlatforms,
];

export function detectPlatform(here: Surroundings): Platform {
  return platforms.find((platform) => platform.isHere(here)) ?? unknown;
}

export function isOnKubernetes(env: Env): boolean {
  return Boolean(env.KUBERNETES_SERVICE_HOST);
}
