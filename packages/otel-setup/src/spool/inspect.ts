// Looks at what lies below a root without changing it: for the command line, beside living processes or on a copy.

import { basename, dirname } from 'node:path';
import type { Definition } from '../record/batch.ts';
import type { Clock, FileSystem } from '../world.ts';
import { type CursorPosition, readCursor } from './cursor.ts';
import {
  cursorName,
  isDirectoryId,
  isServiceKey,
  ownerName,
  quarantineName,
  segmentNumber,
  versionDirectory,
} from './layout.ts';
import { probeLock } from './lock.ts';
import { readOwner } from './owner-file.ts';
import { readSmallFile } from './read-file.ts';
import { formatVersion } from './segment-header.ts';

/** A service's place: its processes' directories, and beside them what was set aside. */
export interface Place {
  /** `<root>/v1/<service>`, or what a copy made of it. */
  readonly path: string;
  readonly key: string;
  readonly directories: readonly FoundDirectory[];
  readonly quarantine: string | undefined;
}

export interface FoundDirectory {
  readonly id: string;
  readonly path: string;
  /** The id of the process's directory that took it over, and holds it. */
  readonly adoptedBy: string | undefined;
  /** A process is at it: its own, or the one that took it over. */
  readonly isAlive: boolean;
  /** Written in another release's format. */
  readonly isForeign: boolean;
}

const deepest = 8;

/** `path` may be a root, its version directory, a service's place or one process's directory. */
export async function findPlaces(fs: FileSystem, clock: Clock, path: string): Promise<Place[]> {
  const names = list(fs, path);
  if (names.some((name) => name === ownerName || segmentNumber(name) !== undefined)) {
    return [await singlePlace(fs, clock, path)];
  }
  if (names.includes(versionDirectory)) return findPlaces(fs, clock, `${path}/${versionDirectory}`);
  const keys = names.filter((name) => isServiceKey(name));
  if (keys.length > 0) {
    return await Promise.all(keys.map((key) => servicePlace(fs, clock, `${path}/${key}`)));
  }
  const isPlace = names.some((name) => name === quarantineName || isDirectoryId(name));
  const hasRecords = isPlace && names.some((name) => list(fs, `${path}/${name}`).some(isOurs));
  return hasRecords ? [await servicePlace(fs, clock, path)] : [];
}

function isOurs(name: string): boolean {
  return name === ownerName || segmentNumber(name) !== undefined || name.endsWith('.ndjson');
}

async function singlePlace(fs: FileSystem, clock: Clock, path: string): Promise<Place> {
  const place = dirname(path);
  const directories = await findDirectories(fs, clock, place, [basename(path)], undefined, 0);
  return { path: place, key: basename(place), directories, quarantine: undefined };
}

async function servicePlace(fs: FileSystem, clock: Clock, path: string): Promise<Place> {
  const names = list(fs, path);
  const quarantine = names.includes(quarantineName) ? `${path}/${quarantineName}` : undefined;
  const directories = await findDirectories(fs, clock, path, ids(names), undefined, 0);
  return { path, key: basename(path), directories, quarantine };
}

async function findDirectories(
  fs: FileSystem,
  clock: Clock,
  parent: string,
  names: readonly string[],
  holder: { readonly id: string; readonly isAlive: boolean } | undefined,
  depth: number,
): Promise<FoundDirectory[]> {
  const found: FoundDirectory[] = [];
  for (const id of names) {
    const path = `${parent}/${id}`;
    if (fs.lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) continue;
    const state = holder?.isAlive === true ? 'alive' : await probeLock(fs, clock, path);
    const isForeign = hasForeignFormat(fs, path);
    const one = { id, path, adoptedBy: holder?.id, isAlive: state === 'alive', isForeign };
    found.push(one);
    if (depth === deepest) continue;
    const nested = ids(list(fs, path));
    found.push(...(await findDirectories(fs, clock, path, nested, one, depth + 1)));
  }
  return found;
}

function hasForeignFormat(fs: FileSystem, path: string): boolean {
  const { format } = readOwner(fs, path);
  return typeof format === 'number' && format !== formatVersion;
}

function ids(names: readonly string[]): string[] {
  return names.filter((name) => isDirectoryId(name)).sort();
}

/** Undefined when there is none, or none that is whole. */
export function readCursorOf(fs: FileSystem, directory: string): CursorPosition | undefined {
  return readCursor(readSmallFile(fs, `${directory}/${cursorName}`, 8192) ?? Buffer.alloc(0));
}

/** Names of what lies in `path`; nothing where it cannot be read. */
export function list(fs: FileSystem, path: string): string[] {
  try {
    return fs.readdirSync(path);
  } catch {
    // Not there, no directory, or not ours to read.
    return [];
  }
}

/** A definition for records whose own is damaged. */
export const emptyDefinition: Definition = {
  resource: new Uint8Array(),
  scope: new Uint8Array(),
};
