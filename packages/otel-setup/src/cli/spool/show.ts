// `otel-setup spool show <id>`: one directory in detail.

import { hostname } from 'node:os';
import { countOf } from '../../health/words.ts';
import { isoTime } from '../../record/iso-time.ts';
import { readCursorOf } from '../../spool/inspect.ts';
import { inspectQuarantine } from '../../spool/inspect-quarantine.ts';
import { type InspectedSegment, inspectSegments } from '../../spool/inspect-segments.ts';
import type { FileSystem, World } from '../../world.ts';
import type { Terminal } from '../terminal.ts';
import { bytesOf, printable, shortened, table } from '../text.ts';
import { ageOf, damageOf, recordsOf, routeOf, stateOf } from './describe.ts';
import { findById, type Named } from './find.ts';
import { findRoots, type Where } from './places.ts';
import { textLine } from './record-line.ts';
import { damageIn, isDamaged, surveyDirectory } from './survey.ts';

export interface ShowOptions {
  readonly where: Where;
  readonly id: string;
}

const shownRecords = 5;
const shownRefusals = 20;

export async function showDirectory(
  { id, where }: ShowOptions,
  terminal: Terminal,
  world: World,
): Promise<number> {
  const named = findById(await findRoots(world, where), id);
  const contents = readContents(world.fs, named, terminal.columns - 2);
  for (const line of heading(named, terminal, world)) await terminal.out(`${line}\n`);
  await part(terminal, 'Segments', contents.segments);
  const { newest, oldest } = contents;
  await part(terminal, 'Oldest records', oldest);
  await part(terminal, 'Newest records', newest);
  await part(terminal, 'Quarantine', refusals(world.fs, named, terminal.columns - 2));
  return 0;
}

function heading(named: Named, terminal: Terminal, { clock, fs }: World): string[] {
  const one = surveyDirectory(fs, named.directory);
  const now = clock.now();
  const started = one.startedAt === undefined ? '?' : isoTime(one.startedAt);
  const cursor = readCursorOf(fs, one.path);
  const at =
    cursor === undefined
      ? 'none: everything counts as not yet sent'
      : `settled up to record ${countOf(cursor.seq)}, segment ${cursor.segment} at byte ${countOf(cursor.offset)}`;
  const lines = [
    ['directory', printable(one.path)],
    ['process', `${stateOf(one, terminal, hostname())}, started ${started}`],
    ['written by', `otel-setup ${one.version ?? '?'}`],
    ['route', routeOf(one)],
    ['waiting', `${recordsOf(one.records)}, ${bytesOf(one.bytes)} on disk`],
    ['oldest', `${ageOf(one.oldestMs, now)}, newest ${ageOf(one.newestMs, now)}`],
    ['cursor', at],
    ...(isDamaged(one.damage) ? [['damage', terminal.paint(damageOf(one.damage), '31')]] : []),
  ];
  return table(lines, ['left', 'left']);
}

interface Shown {
  readonly segments: string[];
  readonly oldest: string[];
  readonly newest: string[];
}

function readContents(fs: FileSystem, { directory }: Named, columns: number): Shown {
  const oldest: string[] = [];
  let newest: string[] = [];
  const rows = [['FILE', 'SIZE', 'WAITING', 'FIRST', 'LAST', 'CREATED', '']];
  for (const segment of inspectSegments(fs, directory.path, directory.isAlive)) {
    const { image } = segment;
    rows.push(segmentRow(segment));
    const lineAt = (at: number): string =>
      textLine(image.buffer.subarray(image.starts[at], image.ends[at]), columns);
    for (let at = 0; at < image.count && oldest.length < shownRecords; at++)
      oldest.push(lineAt(at));
    const from = Math.max(0, image.count - shownRecords);
    for (let at = from; at < image.count; at++) newest.push(lineAt(at));
    newest = newest.slice(-shownRecords);
  }
  const columnsOf = ['left', 'right', 'right', 'right', 'right', 'left', 'left'] as const;
  return { segments: rows.length === 1 ? [] : table(rows, columnsOf), oldest, newest };
}

function segmentRow(segment: InspectedSegment): string[] {
  const { bytes, header, image, isUnread, name } = segment;
  const unknown = isUnread ? '-' : 'header damaged';
  const created = header === undefined ? unknown : isoTime(header.createdMs);
  const seqAt = (at: number): string => (image.count === 0 ? '-' : countOf(image.seqs[at] ?? 0));
  const damage = damageOf(damageIn(segment, false));
  const last = image.count - 1;
  return [name, bytesOf(bytes), countOf(image.count), seqAt(0), seqAt(last), created, damage];
}

/** What servers said of this process's records. */
function refusals(fs: FileSystem, { directory, place }: Named, columns: number): string[] {
  if (place.quarantine === undefined) return [];
  const entries = [...inspectQuarantine(fs, place.quarantine)]
    .filter(({ id }) => id === directory.id)
    .flatMap((file) => file.entries);
  const shown = entries
    .slice(-shownRefusals)
    .flatMap(({ reason, record, time, words }) => [
      shortened(printable(`${time} ${reason}: ${words}`), columns),
      `  ${textLine(record, columns - 2)}`,
    ]);
  const hidden = entries.length - shownRefusals;
  return hidden > 0 ? [`${recordsOf(hidden)} before these`, ...shown] : shown;
}

async function part(terminal: Terminal, title: string, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  await terminal.out(`\n${terminal.paint(title, '1')}\n`);
  for (const line of lines) await terminal.out(`  ${line}\n`);
}
