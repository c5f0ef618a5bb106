// Reads what servers refused for good: the files of a service's quarantine, line by line.

import type { FileSystem } from '../world.ts';
import { list } from './inspect.ts';
import { readSmallFile } from './read-file.ts';

// A file is rolled at 1 MiB, a line holds at most a record of 512 KiB as base64.
const maxFileBytes = 8 * 1024 * 1024;

export interface QuarantineFile {
  readonly path: string;
  /** The directory of the process that set the records aside. */
  readonly id: string;
  readonly bytes: number;
  readonly entries: readonly QuarantineEntry[];
  /** Lines that could not be read. */
  readonly damaged: number;
}

export interface QuarantineEntry {
  readonly time: string;
  readonly reason: string;
  /** The server's. */
  readonly words: string;
  readonly seq: number;
  readonly resource: Uint8Array;
  readonly scope: Uint8Array;
  readonly record: Uint8Array;
}

/** Oldest first by name. */
export function* inspectQuarantine(fs: FileSystem, path: string): Generator<QuarantineFile> {
  const names = list(fs, path).filter((name) => name.endsWith('.ndjson'));
  for (const name of names.sort()) {
    const contents = readSmallFile(fs, `${path}/${name}`, maxFileBytes);
    if (contents === undefined) continue;
    const lines = contents.toString().split('\n').filter(Boolean);
    const entries = lines.map(readLine).filter((entry) => entry !== undefined);
    const id = name.split('-')[0] ?? '';
    const damaged = lines.length - entries.length;
    yield { path: `${path}/${name}`, id, bytes: contents.length, entries, damaged };
  }
}

function readLine(line: string): QuarantineEntry | undefined {
  try {
    const { time, reason, words, seq, resource, scope, record } = JSON.parse(line);
    if (typeof record !== 'string' || typeof resource !== 'string') return undefined;
    return {
      time: String(time),
      reason: String(reason),
      words: String(words),
      seq: Number(seq),
      resource: Buffer.from(resource, 'base64'),
      // Absent where the record's own was damaged.
      scope: Buffer.from(typeof scope === 'string' ? scope : '', 'base64'),
      record: Buffer.from(record, 'base64'),
    };
  } catch {
    // Cut off by a full disk or a kill.
    return undefined;
  }
}
