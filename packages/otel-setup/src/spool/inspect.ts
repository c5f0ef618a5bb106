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
import { askLock } from './lock.ts';
import { readOwner } from './owner-file.ts';
import { readSmallFile } from './read-file.ts';
import { isCode } from './segment-file.ts';
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
  /** A process is at it, or may be: its own, or the one that took it over. */
  readonly isAlive: boolean;
  /** This user may not ask whether a process is at it. */
  readonly isUnclear: boolean;
  /** Written in another release's format. */
  readonly isForeign: boolean;
}

/** Is told of what is there and cannot be read. */
export type Unread = (path: string, error: Error) => void;

interface Finder {
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly unread: Unread;
}

const deepest = 8;

/** `path` may be a root, its version directory, a service's place or one process's directory. */
export async function findPlaces(
  fs: FileSystem,
  clock: Clock,
  path: string,
  unread: Unread = () => undefined,
): Promise<Place[]> {
  const finder = { fs, clock, unread };
  const names = list(fs, path, unread);
  if (names.some((name) => name === ownerName || segmentNumber(name) !== undefined)) {
    return [await singlePlace(finder, path)];
  }
  if (names.includes(versionDirectory)) {
    return findPlaces(fs, clock, `${path}/${versionDirectory}`, unread);
  }
  const keys = names.filter((name) => isServiceKey(name));
  if (keys.length > 0) {
    return await Promise.all(keys.map((key) => servicePlace(finder, `${path}/${key}`)));
  }
  const isPlace = names.some((name) => name === quarantineName || isDirectoryId(name));
  const hasRecords =
    isPlace && names.some((name) => list(fs, `${path}/${name}`, unread).some(isOurs));
  return hasRecords ? [await servicePlace(finder, path)] : [];
}

function isOurs(name: string): boolean {
  return name === ownerName || segmentNumber(name) !== undefined || name.endsWith('.ndjson');
}

async function singlePlace(finder: Finder, path: string): Promise<Place> {
  const place = dirname(path);
  const directories = await findDirectories(finder, place, [basename(path)], undefined, 0);
  return { path: place, key: basename(place), directories, quarantine: undefined };
}

async function servicePlace(finder: Finder, path: string): Promise<Place> {
  const { fs, unread } = finder;
  const names = list(fs, path, unread);
  const quarantine = names.includes(quarantineName) ? `${path}/${quarantineName}` : undefined;
  if (quarantine !== undefined) list(fs, quarantine, unread);
  const directories = await findDirectories(finder, path, ids(names), undefined, 0);
  return { path, key: basename(path), directories, quarantine };
}

async function findDirectories(
  finder: Finder,
  parent: string,
  names: readonly string[],
  holder: FoundDirectory | undefined,
  depth: number,
): Promise<FoundDirectory[]> {
  const { clock, fs, unread } = finder;
  const found: FoundDirectory[] = [];
  for (const id of names) {
    const path = `${parent}/${id}`;
    if (!isDirectory(fs, path, unread)) continue;
    const state = holder?.isAlive === true ? stateOf(holder) : await askLock(fs, clock, path);
    const one = {
      id,
      path,
      adoptedBy: holder?.id,
      isAlive: state !== 'dead',
      isUnclear: state === 'unclear',
      isForeign: hasForeignFormat(fs, path),
    };
    found.push(one);
    if (depth === deepest) continue;
    const nested = ids(list(fs, path, unread));
    found.push(...(await findDirectories(finder, path, nested, one, depth + 1)));
  }
  return found;
}

function stateOf({ isUnclear }: FoundDirectory): 'alive' | 'unclear' {
  return isUnclear ? 'unclear' : 'alive';
}

function isDirectory(fs: FileSystem, path: string, unread: Unread): boolean {
  try {
    return fs.lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch (error) {
    // Its parent can be listed, and not entered.
    unread(path, error as Error);
    return false;
  }
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

/** Names of what lies in `path`; nothing where it is not there, no directory, or not ours to read. */
export function list(fs: FileSystem, path: string, unread: Unread = () => undefined): string[] {
  try {
    return fs.readdirSync(path);
  } catch (error) {
    if (!isCode(error, 'ENOENT', 'ENOTDIR')) unread(path, error as Error);
    return [];
  }
}

/** A definition for records whose own is damaged. */
export const emptyDefinition: Definition = {
  resource: new Uint8Array(),
  scope: new Uint8Array(),
};
