// Records that a server refuses for good, set aside with its words: <service>/quarantine/<id>-<n>.ndjson, a line
// a record, at most 10 MiB and 7 days in all. A lost line here loses nothing that could have been delivered.

import { constants } from 'node:fs';
import { isoTime } from '../record/iso-time.ts';
import { soon } from '../world.ts';
import type { Context } from './context.ts';
import { quarantineName } from './layout.ts';
import { makeDirectory } from './root.ts';

const maxBytes = 10 * 1024 * 1024;
const maxFileBytes = 1024 * 1024;
const maxAgeMs = 7 * 24 * 3_600_000;
/** A file is as old as its newest line: a trickle would otherwise keep its oldest ones. */
const maxFileMs = 24 * 3_600_000;
const maxWords = 2_000;
const maxUnseenBytes = 128 * 1024;

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
  /** Bytes that were written since the directory was last looked at. */
  #unseen = maxUnseenBytes;
  /** Open until the present turn is over: a server may refuse thousands of records at once. */
  #fd: number | undefined;
  readonly #encoded = new WeakMap<Uint8Array, string>();

  constructor(context: Context, place: () => Place | undefined) {
    this.#context = context;
    this.#place = place;
  }

  add(entry: Quarantined): void {
    const place = this.#place();
    if (place === undefined) return;
    const line = Buffer.from(`${JSON.stringify(this.#lineOf(entry))}\n`);
    // A second time where the directory was removed meanwhile, or is another one now. The record is counted as
    // dropped either way; what would be missed is the copy to look at.
    if (!this.#write(place, line)) this.#write(place, line);
  }

  /** False when it could not be written; the directory is looked at before the next line then. */
  #write(place: Place, line: Buffer): boolean {
    try {
      const isOld = this.#context.clock.monotonic() - this.#begunAt > maxFileMs;
      if (isOld || this.#size + line.length > maxFileBytes) this.#next();
      this.#look(`${place.servicePath}/${quarantineName}`, line.length);
      this.#fd ??= this.#open(place);
      this.#size += this.#context.fs.writeSync(this.#fd, line);
      return true;
    } catch {
      this.#close();
      this.#unseen = maxUnseenBytes;
      return false;
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
    return {
      time: isoTime(this.#context.clock.now()),
      reason: entry.reason,
      words: entry.words.slice(0, maxWords),
      seq: entry.seq,
      resource: this.#sharedBase64(entry.resource),
      scope: this.#sharedBase64(entry.scope),
      record: base64(entry.record),
    };
  }

  /** Of what many records have in common. */
  #sharedBase64(bytes: Uint8Array): string {
    const known = this.#encoded.get(bytes) ?? base64(bytes);
    this.#encoded.set(bytes, known);
    return known;
  }

  #next(): void {
    this.#close();
    this.#number++;
    this.#size = 0;
    this.#begunAt = this.#context.clock.monotonic();
    this.#unseen = maxUnseenBytes;
  }

  /** Other processes of the service write here, too; and somebody may have removed it. */
  #look(directory: string, bytes: number): void {
    this.#unseen += bytes;
    if (this.#unseen < maxUnseenBytes) return;
    makeDirectory(this.#context.fs, directory);
    this.#makeRoom(directory, Math.max(maxUnseenBytes, bytes));
    this.#unseen = 0;
  }

  #open({ id, servicePath }: Place): number {
    const name = `${id}-${String(this.#number).padStart(6, '0')}.ndjson`;
    const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;
    const flags = O_APPEND | O_CREAT | O_NOFOLLOW | O_WRONLY;
    const path = `${servicePath}/${quarantineName}/${name}`;
    const fd = this.#context.fs.openSync(path, flags, 0o600);
    soon(() => this.#close());
    return fd;
  }

  #close(): void {
    const fd = this.#fd;
    this.#fd = undefined;
    if (fd === undefined) return;
    try {
      this.#context.fs.closeSync(fd);
    } catch {
      // Closed by somebody else: nothing is left to close.
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

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
