// One record as one line for a person, and on demand its labels and metadata beneath.

import type { StoredRecord } from '../stored-record.ts';
import { escapeControls, paint } from './text.ts';

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

/** Metadata that says nothing a reader of the line does not see already. */
const hidden: ReadonlySet<string> = new Set([
  'detected_level',
  'severity_number',
  'severity_text',
  'scope_name',
  'scope_version',
  'observed_timestamp',
  'flags',
  'span_id',
  'telemetry_sdk_language',
  'telemetry_sdk_name',
  'telemetry_sdk_version',
  'exception_stacktrace',
]);

const maxShown = 8;
const maxValue = 60;
const levelWidth = 5;

/** Whatever the record holds, its line is one line; metadata follows on indented lines. */
export function renderRecord(record: StoredRecord, { colour, metadata }: RenderOptions): string {
  const dim = (text: string) => paint(text, '2', colour);
  const level = record.level.toUpperCase().slice(0, levelWidth).padEnd(levelWidth);
  const parts = [
    dim(clockTime(record.timestampNs)),
    paint(level, levelColours[record.level] ?? '37', colour),
    paint(escapeControls(record.labels.service_name ?? ''), '34', colour),
    escapeControls(record.line),
    dim(keyMetadata(record)),
    record.duplicate ? paint('(again)', '35', colour) : '',
  ];
  const line = parts.filter((part) => part !== '').join(' ');
  return metadata ? `${line}\n${details(record, colour)}` : line;
}

function keyMetadata(record: StoredRecord): string {
  const resource = new Set(Object.keys(record.resource.attributes).map(asShown));
  const shown = Object.entries(record.metadata).filter(
    ([name]) => !(hidden.has(name) || resource.has(name)),
  );
  const texts = shown.slice(0, maxShown).map(([name, value]) => `${name}=${shorten(value)}`);
  const rest = shown.length - texts.length;
  return [...texts, ...(rest > 0 ? [`+${rest} more`] : [])].join(' ');
}

function asShown(name: string): string {
  return name.replace(/[^A-Za-z0-9]+/g, '_');
}

function shorten(value: string): string {
  const text = value.length > maxValue ? `${value.slice(0, maxValue)}...` : value;
  const plain = escapeControls(text);
  return /[\s"]/.test(plain) ? JSON.stringify(plain) : plain;
}

function details(record: StoredRecord, colour: boolean): string {
  const row = (kind: string, name: string, value: string) =>
    `    ${paint(kind, '2', colour)} ${escapeControls(name)} = ${escapeControls(value)}`;
  return [
    ...Object.entries(record.labels).map(([name, value]) => row('label   ', name, value)),
    ...Object.entries(record.metadata).map(([name, value]) => row('metadata', name, value)),
  ].join('\n');
}

function clockTime(timestampNs: bigint): string {
  const date = new Date(Number(timestampNs / 1_000_000n));
  return Number.isNaN(date.getTime()) ? '--:--:--.---' : date.toISOString().slice(11, 23);
}
