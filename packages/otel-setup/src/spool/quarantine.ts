// Records that a server refuses for good, set aside with its words: <service>/quarantine/<id>-<n>.ndjson, a line
// a record, at most 10 MiB and 7 days in all. A lost line here loses nothing that could have been delivered.

import { constants } from 'node:fs';
import type { Context } from './context.ts';
import { quarantineName } from './layout.ts';
import { makeDirectory } from './root.ts';

const maxBytes = 10 * 1024 * 1024;
const maxFileBytes = 1024 * 1024;
const maxAgeMs = 7 * 24 * 3_600_000;
/** A file is as old as its newest line: a trickle would otherwise keep its oldest ones. */
const maxFileMs = 24 * 3_600_000;
const maxWords = 2_000;

export interface Quarantined {
  readonly record: Uint8Array;
  readonly seq: number;
  readonly resource: Uint8Array;
  readonly scope: Uint8Array;
  readonly reason: string;
  readonly words: string;
}

interface Place {
  readonly servicePath: string;
  readonly id: string;
}

export class Quarantine {
  readonly #context: Context;
  readonly #place: () => Place | undefined;
  #number = 0;
  #size = maxFileBytes;
  #begunAt = 0;

  constructor(context: Context, place: () => Place | undefined) {
    this.#context = context;
    this.#place = place;
  }

  add(entry: Quarantined): void {
    const place = this.#place();
    if (place === undefined) return;
    const line = Buffer.from(`${JSON.stringify(this.#lineOf(entry))}\n`);
    const directory = `${place.servicePath}/${quarantineName}`;
    try {
      makeDirectory(this.#context.fs, directory);
      const isOld = this.#context.clock.monotonic() - this.#begunAt > maxFileMs;
      if (isOld || this.#size + line.length > maxFileBytes) this.#next();
      this.#makeRoom(directory, line.length);
      this.#append(
        `${directory}/${place.id}-${String(this.#number).padStart(6, '0')}.ndjson`,
        line,
      );
    } catch {
      // The record is counted as dropped either way; what is missed is the copy to look at.
    }
  }

  /** What is too old goes, though nothing joins it. */
  sweep(): void {
    const place = this.#place();
    if (place === undefined) return;
    try {
      this.#makeRoom(`${place.servicePath}/${quarantineName}`, 0);
    } catch {
      // There is none, or somebody else just swept it.
    }
  }

  #lineOf(entry: Quarantined): object {
    const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
    return {
      time: new Date(this.#context.clock.now()).toISOString(),
      reason: entry.reason,
      words: entry.words.slice(0, maxWords),
      seq: entry.seq,
      resource: base64(entry.resource),
      scope: base64(entry.scope),
      record: base64(entry.record),
    };
  }

  #next(): void {
    this.#number++;
    this.#size = 0;
    this.#begunAt = this.#context.clock.monotonic();
  }

  #append(path: string, line: Buffer): void {
    const { fs } = this.#context;
    const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;
    const fd = fs.openSync(path, O_APPEND | O_CREAT | O_NOFOLLOW | O_WRONLY, 0o600);
    try {
      this.#size += fs.writeSync(fd, line);
    } finally {
      fs.closeSync(fd);
    }
  }

  #makeRoom(directory: string, bytes: number): void {
    const { clock, fs } = this.#context;
    const files = fs
      .readdirSync(directory)
      .filter((name) => name.endsWith('.ndjson'))
      .map((name) => ({ path: `${directory}/${name}`, stat: fs.lstatSync(`${directory}/${name}`) }))
      .sort((one, other) => one.stat.mtimeMs - other.stat.mtimeMs);
    let total = files.reduce((sum, { stat }) => sum + stat.size, bytes);
    for (const { path, stat } of files) {
      if (total <= maxBytes && clock.now() - stat.mtimeMs < maxAgeMs) break;
      fs.unlinkSync(path);
      total -= stat.size;
    }
  }
}
