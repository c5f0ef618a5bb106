// What a disk may hold after the power went: what was synced, and of the rest any 4 KiB pages, any length in between,
// and of each directory's entries any number of steps in their order.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry, Event, JournalFs } from './journal-fs.ts';

const pageBytes = 4096;
type Draw = (end: number) => number;
type Write = Extract<Event, { type: 'write' | 'truncate' }>;

/** Lays one of the legal states after the first `end` events out below `root`. */
export function layOut(journal: JournalFs, end: number, draw: Draw, root: string): void {
  const events = journal.events.slice(0, end);
  const durable = new Map<number, number>();
  for (const event of events) {
    if (event.type !== 'synced') continue;
    durable.set(event.file, Math.max(durable.get(event.file) ?? 0, event.upTo));
  }
  const durableUpTo = (file: number): number => durable.get(file) ?? 0;
  const entries = entriesAfter(events, (directory) => {
    const from = durableUpTo(directory);
    return from + draw(end - from + 1);
  });
  const build = (directory: number, path: string): void => {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    for (const [name, file] of entries.get(directory) ?? []) {
      const below = join(path, name);
      if (journal.directories.has(file)) build(file, below);
      else writeFileSync(below, contents(events, file, durableUpTo(file), draw), { mode: 0o600 });
    }
  };
  build(0, root);
}

/** Of each directory, its entries after its first steps: those before the event that `cutOf` names. */
function entriesAfter(
  events: readonly Event[],
  cutOf: (directory: number) => number,
): Map<number, Map<string, number>> {
  const cuts = new Map<number, number>();
  const entries = new Map<number, Map<string, number>>();
  for (const [index, event] of events.entries()) {
    if (event.type !== 'enter' && event.type !== 'leave' && event.type !== 'rename') continue;
    const { directory } = event;
    const cut = cuts.get(directory) ?? cutOf(directory);
    cuts.set(directory, cut);
    const names = entries.get(directory) ?? new Map<string, number>();
    entries.set(directory, names);
    if (index < cut) step(names, event);
  }
  return entries;
}

function step(names: Map<string, number>, event: Entry): void {
  if (event.type === 'rename') names.delete(event.from);
  if (event.type === 'leave') names.delete(event.name);
  else names.set(event.name, event.file);
}

function contents(events: readonly Event[], file: number, durableUpTo: number, draw: Draw): Buffer {
  const isOurs = (event: Event): event is Event & Write =>
    (event.type === 'write' || event.type === 'truncate') && event.file === file;
  const synced = events.slice(0, durableUpTo).filter(isOurs);
  const loose = events.slice(durableUpTo).filter(isOurs);
  const length = sizeAfter([...synced, ...loose.slice(0, draw(loose.length + 1))]);
  const result = imageAfter(synced, length);
  const pages = new Map<number, Write[]>();
  for (const write of loose) {
    if (write.type !== 'write') continue;
    const last = Math.floor((write.at + write.bytes.length - 1) / pageBytes);
    for (let page = Math.floor(write.at / pageBytes); page <= last; page++) {
      pages.set(page, [...(pages.get(page) ?? []), write]);
    }
  }
  for (const [page, writes] of pages) {
    // Written back at any moment, or never.
    const kept = writes.slice(0, draw(2) === 0 ? writes.length : draw(writes.length + 1));
    for (const write of kept) copyPart(write, result, page * pageBytes, (page + 1) * pageBytes);
  }
  return result;
}

function sizeAfter(writes: readonly Write[]): number {
  let size = 0;
  for (const write of writes) {
    size = write.type === 'truncate' ? write.size : Math.max(size, write.at + write.bytes.length);
  }
  return size;
}

function imageAfter(writes: readonly Write[], length: number): Buffer {
  const image = Buffer.alloc(length);
  for (const write of writes) {
    if (write.type === 'truncate') image.fill(0, Math.min(write.size, length));
    else copyPart(write, image, 0, length);
  }
  return image;
}

function copyPart(write: Write, image: Buffer, from: number, to: number): void {
  if (write.type !== 'write') return;
  const start = Math.max(write.at, from);
  const end = Math.min(write.at + write.bytes.length, to, image.length);
  if (start < end) write.bytes.copy(image, start, start - write.at, end - write.at);
}
