// Opens a takeover of a place for this command's process.

import { hostname } from 'node:os';
import { encodeDefinition } from '../../encode/encode-definition.ts';
import type { Place } from '../../spool/inspect.ts';
import type { SpoolReport } from '../../spool/options.ts';
import { Takeover } from '../../spool/takeover.ts';
import { version } from '../../version.ts';
import type { FileSystem, World } from '../../world.ts';
import { serviceOf } from './survey.ts';

export interface Target {
  readonly route: string;
  readonly origin: string;
}

/** Throws a sentence when the place cannot be written to. */
export function takeOver(
  place: Place,
  world: World,
  target: Target,
  report: SpoolReport,
): Takeover {
  const service = serviceNames(world.fs, place);
  const attributes = {
    'service.name': service.name,
    'service.namespace': service.namespace || undefined,
    'deployment.environment.name': service.environment || undefined,
  };
  try {
    return new Takeover({
      servicePath: place.path,
      service,
      fallback: encodeDefinition({ attributes }, { name: 'otel-setup' }),
      owner: { ...target, version, host: hostname(), pid: process.pid },
      world,
      report,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${place.path} cannot be taken over: ${reason}`, { cause: error });
  }
}

function serviceNames(
  fs: FileSystem,
  place: Place,
): { name: string; namespace: string; environment: string } {
  const { environment = '', name = 'unknown_service', namespace = '' } = serviceOf(fs, place);
  return { environment, name, namespace };
}

/** For a takeover that only removes. */
export const noReport: SpoolReport = {
  notice: () => undefined,
  dropped: () => undefined,
  adopted: () => undefined,
  tookOver: () => undefined,
  rewoken: () => undefined,
};
