// One record as one line for a person, and on demand its labels and metadata beneath.

import type { StoredRecord } from '../stored-record.ts';
import { clip, escapeControls, paint } from './text.ts';

export interface RenderOptions {
  /** ANSI colours. */
  readonly colour: boolean;
  /** Index labels and structured metadata beneath the line. */
  readonly metadata: boolean;
}

const levelColours: Readonly<Record<string, string>> = {
  trace: '90',
  debug: '36',
  info: '32',
  warn: '33',
  error: '31',
  critical: '1;31',
  fatal: '1;37;41',
};

const levelNames: Readonly<Record<string, string>> = { critical: 'CRIT', unknown: '-' };

/** Metadata that says nothing a reader of the line does not see already, or that fills lines. */
const hidden: ReadonlySet<string> = new Set([
  'detected_level',
  'severity_number',
  'severity_text',
  'scope_name',
  'scope_version',
  'observed_timestamp',
  'flags',
  'span_id',
  'exception_stacktrace',
]);

const maxLine = 2_000;
const maxShown = 8;
const maxValue = 60;
const maxDetail = 2_000;
const levelWidth = 5;
const traceDigits = 8;

/** Whatever the record holds, its line is one line; metadata follows on indented lines. */
export function renderRecord(record: StoredRecord, { colour, metadata }: RenderOptions): string {
  const { level, labels, line, duplicate } = record;
  const dim = (text: string) => paint(text, '2', colour);
  const parts = [
    dim(clockTime(record.timestampNs)),
    paint(shownLevel(level), levelColours[level] ?? '37', colour),
    paint(escapeControls(labels.service_name ?? ''), '34', colour),
    escapeControls(clip(line, maxLine)),
    dim(keyMetadata(record)),
    duplicate ? paint('(again)', '35', colour) : '',
  ];
  const shown = parts.filter((part) => part !== '').join(' ');
  return metadata ? `${shown}\n${details(record, colour)}` : shown;
}

function shownLevel(level: string): string {
  const name = levelNames[level] ?? escapeControls(level.toUpperCase().slice(0, levelWidth));
  return name.padEnd(levelWidth);
}

/** What the record brought itself: not its resource, and no field that the line shows. */
function keyMetadata(record: StoredRecord): string {
  const resource = new Set(Object.keys(record.resource.attributes).map(asShown));
  const shown = Object.entries(record.metadata).filter(
    ([name]) => !(hidden.has(name) || resource.has(name)),
  );
  const texts = shown
    .slice(0, maxShown)
    .map(([name, value]) => `${escapeControls(name)}=${shorten(name, value)}`);
  const rest = shown.length - texts.length;
  return [...texts, ...(rest > 0 ? [`(${rest} more)`] : [])].join(' ');
}

function asShown(name: string): string {
  return name.replace(/[^A-Za-z0-9]+/g, '_');
}

function shorten(name: string, value: string): string {
  if (name === 'trace_id') return escapeControls(value.slice(0, traceDigits));
  const text = escapeControls(value.length > maxValue ? `${value.slice(0, maxValue)}…` : value);
  return /[\s"]/.test(text) ? JSON.stringify(text) : text;
}

function details(record: StoredRecord, colour: boolean): string {
  const row = (kind: string, [name, value]: [string, string]) =>
    `    ${paint(kind, '2', colour)} ${escapeControls(name)} = ${escapeControls(clip(value, maxDetail))}`;
  return [
    ...Object.entries(record.labels).map((pair) => row('label   ', pair)),
    ...Object.entries(record.metadata).map((pair) => row('metadata', pair)),
  ].join('\n');
}

/** Local time of day, or the raw nanoseconds of a date that JavaScript does not have. */
function clockTime(timestampNs: bigint): string {
  const date = new Date(Number(timestampNs / 1_000_000n));
  if (Number.isNaN(date.getTime())) return String(timestampNs);
  const two = (part: number) => String(part).padStart(2, '0');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${time}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}
