// What lies below the root and is not ours to send: told once, never touched.

import type { Context } from './context.ts';
import type { Home } from './home.ts';
import {
  isDirectoryId,
  isServiceKey,
  segmentName,
  segmentNumber,
  serviceKey,
  versionDirectory,
} from './layout.ts';
import { askLock } from './lock.ts';
import { readOwner } from './owner-file.ts';
import { readInto } from './read-file.ts';
import { formatVersion, readSegmentHeader, segmentHeaderBytes } from './segment-header.ts';
import { tally } from './tally.ts';

// A root that many services share must not make a start slow: this many directories are asked who lives there.
const maxProbes = 100;
const otherVersion = /^v\d{1,6}$/;

export class Strangers {
  readonly #context: Context;
  #isTold = false;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Once in a process's life. */
  async tell(home: Home): Promise<void> {
    if (this.#isTold) return;
    this.#isTold = true;
    const versions = list(this.#context, home.root).filter(
      (name) => otherVersion.test(name) && name !== versionDirectory,
    );
    this.tellFormat(versions.map((name) => `${home.root}/${name}`));
    await this.#tellServices(home);
  }

  /** Of another format than ours: another release must send it. */
  isForeign(path: string): boolean {
    const { fs } = this.#context;
    const { format } = readOwner(fs, path);
    if (typeof format === 'number' && format !== formatVersion) return true;
    const first = list(this.#context, path)
      .map((name) => segmentNumber(name))
      .filter((number) => number !== undefined)
      .sort((one, other) => one - other)[0];
    if (first === undefined) return false;
    const bytes = Buffer.alloc(segmentHeaderBytes);
    const read = readInto(fs, `${path}/${segmentName(first)}`, segmentHeaderBytes, () => bytes);
    const header = typeof read === 'number' ? readSegmentHeader(bytes, read, first) : undefined;
    return header !== undefined && header.version !== formatVersion;
  }

  tellFormat(paths: readonly string[]): void {
    if (paths.length === 0) return;
    this.#context.notice(
      'OTHER_FORMAT',
      'warn',
      `There are records in the format of another release of otel-setup, left as they are: ${this.#describe(paths)}. Start that release once more to send them, or delete them.`,
    );
  }

  async #tellServices(home: Home): Promise<void> {
    const { fs, options } = this.#context;
    const top = `${home.root}/${versionDirectory}`;
    const ours = serviceKey(options.service);
    const services = list(this.#context, top).filter((name) => isServiceKey(name) && name !== ours);
    const ids = services.flatMap((service) => this.#directories(`${top}/${service}`));
    const left = await this.#leftBehind(ids);
    if (left.length === 0) return;
    const names = left.map((path) => readOwner(fs, path).service?.name).filter(isText);
    const whose = [...new Set(names)].slice(0, 3).map((name) => JSON.stringify(name));
    this.#context.notice(
      'OTHER_SERVICE',
      'info',
      `There are records of another service${whose.length > 0 ? ` (${whose.join(', ')})` : ''} that has ended, left as they are: ${this.#describe(left)}. Only that service sends them: start it, or send them with "npx otel-setup spool replay".`,
    );
  }

  /** This service's own, where `memory` durability leaves the disk alone: it neither sends nor removes them. */
  async tellOwn(): Promise<void> {
    const { options } = this.#context;
    const service = `${versionDirectory}/${serviceKey(options.service)}`;
    const roots = options.config.roots.map(({ path }) => path);
    const left = await this.#leftBehind(
      roots.flatMap((root) => this.#directories(`${root}/${service}`)),
    );
    if (left.length === 0) return;
    this.#context.notice(
      'LEFT_BEHIND',
      'warn',
      `There are records of an earlier process of this service, which LOG_DURABILITY=memory leaves as they are: ${this.#describe(left)}. Send them with "npx otel-setup spool replay", or start once with LOG_DURABILITY=record.`,
    );
  }

  #directories(servicePath: string): string[] {
    return list(this.#context, servicePath)
      .filter((name) => isDirectoryId(name))
      .map((name) => `${servicePath}/${name}`);
  }

  /** Of these, those with records and without a process. */
  async #leftBehind(directories: readonly string[]): Promise<string[]> {
    const { clock, fs } = this.#context;
    const left: string[] = [];
    for (const path of directories.slice(0, maxProbes)) {
      const hasRecords = list(this.#context, path).some(
        (name) => segmentNumber(name) !== undefined,
      );
      if (hasRecords && (await askLock(fs, clock, path)) === 'dead') left.push(path);
    }
    return left;
  }

  #describe(paths: readonly string[]): string {
    const { clock, fs } = this.#context;
    const sums = paths.map((path) => tally(fs, path));
    const bytes = sums.reduce((sum, one) => sum + one.bytes, 0);
    const oldestMs = Math.min(...sums.map((one) => one.oldestMs));
    const hours = Math.max(0, clock.now() - oldestMs) / 3_600_000;
    const age = Number.isFinite(hours) ? `, up to ${ageText(hours)} old` : '';
    const more = paths.length > 1 ? ` and ${paths.length - 1} more` : '';
    return `${paths[0]}${more} (${Math.ceil(bytes / 1024)} KiB${age})`;
  }
}

function ageText(hours: number): string {
  if (hours >= 48) return `${Math.floor(hours / 24)} days`;
  return hours >= 2 ? `${Math.floor(hours)} hours` : `${Math.ceil(hours * 60)} min`;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function list(context: Context, path: string): string[] {
  try {
    return context.fs.readdirSync(path);
  } catch {
    // Not ours to read, or not there.
    return [];
  }
}
