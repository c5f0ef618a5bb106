// What lies in a place, counted.

import { type FoundDirectory, list, type Place } from '../../spool/inspect.ts';
import { inspectQuarantine } from '../../spool/inspect-quarantine.ts';
import { type InspectedSegment, inspectSegments, sizeOf } from '../../spool/inspect-segments.ts';
import { type OwnerFile, readOwner } from '../../spool/owner-file.ts';
import { tally } from '../../spool/tally.ts';
import type { FileSystem } from '../../world.ts';
import { decodeResource, timeOf } from '../decode-record.ts';
import { printable } from '../text.ts';

export interface DirectorySurvey {
  readonly id: string;
  readonly path: string;
  /** Unknown where this user may not ask the lock. */
  readonly state: 'alive' | 'dead' | 'unknown';
  readonly adoptedBy: string | undefined;
  readonly pid: number | undefined;
  readonly host: string | undefined;
  readonly startedAt: number | undefined;
  readonly route: string | undefined;
  readonly origin: string | undefined;
  /** Of the release that wrote it. */
  readonly version: string | undefined;
  /** Records not yet settled. */
  readonly records: number;
  readonly bytes: number;
  /** Ms since the epoch, of the oldest and the newest pending record. */
  readonly oldestMs: number | undefined;
  readonly newestMs: number | undefined;
  readonly damage: Damage;
}

export interface Damage {
  /** Records that are gone. */
  readonly missing: number;
  /** Records without their resource. */
  readonly orphaned: number;
  /** Bytes that are no whole frame. */
  readonly unreadBytes: number;
  /** Files that this user cannot read. */
  readonly unreadFiles: number;
}

/** What one segment adds. */
export function damageIn(segment: InspectedSegment, isAlive: boolean): Damage {
  const { isUnread, missing, orphaned, unreadBytes } = segment;
  // A living process is in the middle of a write at any moment.
  return {
    missing,
    orphaned,
    unreadBytes: isAlive ? 0 : unreadBytes,
    unreadFiles: isUnread ? 1 : 0,
  };
}

export function sumOf(one: Damage, other: Damage): Damage {
  return {
    missing: one.missing + other.missing,
    orphaned: one.orphaned + other.orphaned,
    unreadBytes: one.unreadBytes + other.unreadBytes,
    unreadFiles: one.unreadFiles + other.unreadFiles,
  };
}

export const noDamage: Damage = { missing: 0, orphaned: 0, unreadBytes: 0, unreadFiles: 0 };

export interface QuarantineSurvey {
  readonly path: string;
  readonly bytes: number;
  readonly records: number;
  readonly reasons: Readonly<Record<string, number>>;
  readonly damaged: number;
}

export interface ServiceSurvey {
  readonly path: string;
  readonly key: string;
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  readonly environment: string | undefined;
  readonly directories: readonly DirectorySurvey[];
  readonly quarantine: QuarantineSurvey | undefined;
}

export function surveyService(fs: FileSystem, place: Place): ServiceSurvey {
  const service = serviceOf(fs, place);
  return {
    path: place.path,
    key: place.key,
    ...service,
    directories: place.directories.map((found) => surveyDirectory(fs, found)),
    quarantine: place.quarantine === undefined ? undefined : surveyQuarantine(fs, place.quarantine),
  };
}

export function surveyDirectory(fs: FileSystem, found: FoundDirectory): DirectorySurvey {
  const owner = ownerOf(fs, found.path);
  let damage = noDamage;
  let records = 0;
  let oldest = 0n;
  let newest = 0n;
  for (const segment of inspectSegments(fs, found.path, found.isAlive)) {
    const { image } = segment;
    records += image.count;
    damage = sumOf(damage, damageIn(segment, found.isAlive));
    if (image.count === 0) continue;
    const last = image.count - 1;
    if (oldest === 0n) oldest = timeOf(image.buffer.subarray(image.starts[0], image.ends[0]));
    newest = timeOf(image.buffer.subarray(image.starts[last], image.ends[last]));
  }
  return {
    id: found.id,
    path: found.path,
    state: stateOf(found),
    adoptedBy: found.adoptedBy,
    ...owner,
    records,
    bytes: ownBytes(fs, found.path),
    oldestMs: oldest === 0n ? undefined : Number(oldest / 1_000_000n),
    newestMs: newest === 0n ? undefined : Number(newest / 1_000_000n),
    damage,
  };
}

function stateOf({ isAlive, isUnclear }: FoundDirectory): DirectorySurvey['state'] {
  if (isUnclear) return 'unknown';
  return isAlive ? 'alive' : 'dead';
}

export function isDamaged(damage: Damage): boolean {
  return Object.values(damage).some((count) => count > 0);
}

/** Without what it had adopted, which is a directory of its own here. */
function ownBytes(fs: FileSystem, path: string): number {
  return list(fs, path).reduce((sum, name) => sum + (sizeOf(fs, `${path}/${name}`) ?? 0), 0);
}

export function surveyQuarantine(fs: FileSystem, path: string): QuarantineSurvey {
  const reasons: Record<string, number> = {};
  let records = 0;
  let damaged = 0;
  for (const file of inspectQuarantine(fs, path)) {
    records += file.entries.length;
    damaged += file.damaged;
    for (const { reason } of file.entries) reasons[reason] = (reasons[reason] ?? 0) + 1;
  }
  return { path, bytes: tally(fs, path).bytes, records, reasons, damaged };
}

type Owner = Pick<DirectorySurvey, 'pid' | 'host' | 'startedAt' | 'route' | 'origin' | 'version'>;

/** Whoever can write the file can put anything there. */
function ownerOf(fs: FileSystem, path: string): Owner {
  const owner: Partial<Record<keyof OwnerFile, unknown>> = readOwner(fs, path);
  return {
    pid: numberOf(owner.pid),
    host: textOf(owner.host),
    startedAt: numberOf(owner.startedAt),
    route: textOf(owner.route),
    origin: textOf(owner.origin),
    version: textOf(owner.version),
  };
}

type Service = Pick<ServiceSurvey, 'name' | 'namespace' | 'environment'>;

/** From an owner's file, else from the resource of a record that was set aside. */
export function serviceOf(fs: FileSystem, place: Place): Service {
  for (const { path } of place.directories) {
    const { service } = readOwner(fs, path) as { service?: Record<string, unknown> };
    if (typeof service?.name !== 'string') continue;
    const { name, namespace, environment } = service;
    return {
      name: textOf(name),
      namespace: textOf(namespace),
      environment: textOf(environment),
    };
  }
  const files = place.quarantine === undefined ? [] : inspectQuarantine(fs, place.quarantine);
  for (const { entries } of files) {
    const resource = decodeResource(entries[0]?.resource ?? new Uint8Array());
    return {
      name: textOf(resource['service.name']),
      namespace: textOf(resource['service.namespace']),
      environment: textOf(resource['deployment.environment.name']),
    };
  }
  return { name: undefined, namespace: undefined, environment: undefined };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? printable(value.slice(0, 300)) : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
