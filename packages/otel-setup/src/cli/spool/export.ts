// `otel-setup spool export`: records as lines of JSON on standard output.

import { inspectQuarantine, type QuarantineFile } from '../../spool/inspect-quarantine.ts';
import { type InspectedSegment, inspectSegments } from '../../spool/inspect-segments.ts';
import type { FileSystem, World } from '../../world.ts';
import type { Terminal } from '../terminal.ts';
import { printable } from '../text.ts';
import { damageOf, recordsOf, unreadableOf } from './describe.ts';
import { allDirectories, findById, type Named } from './find.ts';
import { findRoots, type Root, type Where } from './places.ts';
import { RecordLines } from './record-line.ts';
import { damageIn, isDamaged, noDamage, sumOf } from './survey.ts';

export interface ExportOptions {
  readonly where: Where;
  /** Undefined: all. */
  readonly id: string | undefined;
  readonly quarantine: boolean;
}

/** 1 where damage kept something back: `export > file && purge` must not go on then. */
export async function exportSpool(
  options: ExportOptions,
  terminal: Terminal,
  world: World,
): Promise<number> {
  const roots = await findRoots(world, options.where);
  const exporter = new Exporter(terminal, world.fs);
  const named = options.id === undefined ? undefined : findById(roots, options.id);
  if (options.quarantine) await exporter.quarantined(roots, named);
  else
    for (const one of named === undefined ? allDirectories(roots) : [named])
      await exporter.directory(one);
  if (!terminal.isGone) {
    terminal.tell(
      `${recordsOf(exporter.records)} exported${exporter.isDamaged ? ', as far as damage allowed' : ''}.`,
    );
  }
  return exporter.isDamaged ? 1 : 0;
}

class Exporter {
  records = 0;
  isDamaged = false;
  readonly #terminal: Terminal;
  readonly #fs: FileSystem;
  readonly #lines = new RecordLines();

  constructor(terminal: Terminal, fs: FileSystem) {
    this.#terminal = terminal;
    this.#fs = fs;
  }

  async directory({ directory, place }: Named): Promise<void> {
    const { id, isAlive, path } = directory;
    let damage = noDamage;
    for (const segment of inspectSegments(this.#fs, path, isAlive)) {
      damage = sumOf(damage, damageIn(segment, isAlive));
      await this.#segment(segment, { service: place.key, directory: id });
      if (this.#terminal.isGone) return;
    }
    if (!isDamaged(damage)) return;
    this.isDamaged = true;
    this.#terminal.tell(`${printable(path)}: ${damageOf(damage)}.`);
  }

  async #segment({ image }: InspectedSegment, where: object): Promise<void> {
    for (let at = 0; at < image.count && !this.#terminal.isGone; at++) {
      const bytes = image.buffer.subarray(image.starts[at], image.ends[at]);
      const definition = image.definitions[image.definitionNumbers[at] ?? 0];
      if (definition === undefined) continue;
      this.records++;
      await this.#terminal.out(
        this.#lines.line(bytes, definition, { ...where, seq: image.seqs[at] }),
      );
      if (this.records % 1000 === 0) this.#terminal.progress(`${recordsOf(this.records)} exported`);
    }
  }

  async quarantined(roots: readonly Root[], named: Named | undefined): Promise<void> {
    const places = named === undefined ? roots.flatMap((root) => root.places) : [named.place];
    for (const { key, quarantine } of places) {
      const files = quarantine === undefined ? [] : inspectQuarantine(this.#fs, quarantine);
      for (const file of files) {
        if (named === undefined || file.id === named.directory.id) await this.#refused(file, key);
      }
    }
  }

  async #refused({ damaged, entries, id, path }: QuarantineFile, service: string): Promise<void> {
    if (damaged > 0) {
      this.isDamaged = true;
      this.#terminal.tell(`${printable(path)}: ${unreadableOf(damaged)}.`);
    }
    for (const { reason, record, resource, scope, seq, time, words } of entries) {
      if (this.#terminal.isGone) return;
      const where = { service, directory: id, seq, quarantine: { time, reason, words } };
      this.records++;
      await this.#terminal.out(this.#lines.line(record, { resource, scope }, where));
    }
  }
}
