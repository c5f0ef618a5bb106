// Hot path: runs on the caller's thread for every record.
// One record as a line for people, or as a line of JSON for what collects the console.

import type { HrTime } from '@opentelemetry/api';
import { isoTime } from '../record/iso-time.ts';
import type { AnyValue, LogRecord, SpanIds } from '../record/log-record.ts';

const colours: Readonly<Record<string, string>> = {
  trace: '\u001b[90m',
  debug: '\u001b[36m',
  info: '\u001b[32m',
  warn: '\u001b[33m',
  error: '\u001b[31m',
  fatal: '\u001b[1;31m',
};
const dim = '\u001b[2m';
const reset = '\u001b[0m';

export function toJsonLine(record: LogRecord, level: string): string {
  const fields: Record<string, unknown> = {
    timestamp: timeOf(record.hrTime),
    level,
    message: record.body,
  };
  for (const [key, value] of fieldsOf(record)) {
    if (key !== 'winston.level' && key !== 'detected_level') {
      fields[Object.hasOwn(fields, key) ? `meta.${key}` : key] = value;
    }
  }
  if (record.spanContext !== undefined) {
    fields.trace_id = record.spanContext.traceId;
    fields.span_id = record.spanContext.spanId;
  }
  // JSON itself escapes only the first 32 of them.
  return escapeControls(jsonOf(fields));
}

/** The same line for a text and fields of plain values, none of which has a name of the line's own. */
export function plainJsonLine(
  time: HrTime,
  level: string,
  text: string,
  fields: object,
  span: SpanIds | undefined,
): string {
  const own = JSON.stringify(fields).slice(1, -1);
  const ids = span === undefined ? '' : `,"trace_id":"${span.traceId}","span_id":"${span.spanId}"`;
  const start = `{"timestamp":"${timeOf(time)}","level":${JSON.stringify(level)},"message":`;
  return escapeControls(`${start}${JSON.stringify(text)}${own === '' ? '' : ','}${own}${ids}}`);
}

export function toPrettyLine(record: LogRecord, level: string, colour: boolean): string {
  const paint = (code: string, text: string) => (colour ? `${code}${text}${reset}` : text);
  const time = paint(dim, timeOf(record.hrTime).slice(11, 23));
  const name = paint(colours[record.severityText ?? ''] ?? '', level.toUpperCase().padEnd(5));
  const message =
    typeof record.body === 'string' ? escapeControls(record.body) : shown(record.body);
  const { stack, fields } = splitStack(record);
  const rest = fields.map(([key, value]) => `${escapeControls(key)}=${shown(value)}`).join(' ');
  const line = `${time} ${name} ${message}${rest === '' ? '' : ` ${paint(dim, rest)}`}`;
  return stack === undefined ? line : `${line}\n${paint(dim, stack)}`;
}

/** What Loki shows beside the line, as far as it is not of the record itself. */
function fieldsOf(record: LogRecord): [string, AnyValue][] {
  const { attributes, eventName, droppedAttributesCount } = record;
  const fields = Object.entries(attributes);
  if (eventName) fields.push(['event.name', eventName]);
  if (droppedAttributesCount > 0) fields.push(['dropped_attributes_count', droppedAttributesCount]);
  return fields;
}

/** The stack goes beneath, each line indented, so that none can pass for a record. */
function splitStack(record: LogRecord): {
  stack: string | undefined;
  fields: [string, AnyValue][];
} {
  const trace = record.attributes['exception.stacktrace'];
  const hidden = new Set([
    'exception.stacktrace',
    'exception.type',
    'exception.message',
    'winston.level',
    'detected_level',
  ]);
  return {
    stack:
      typeof trace === 'string'
        ? trace
            .split(/\r?\n/)
            .map((line) => `    ${escapeControls(line.trimStart())}`)
            .join('\n')
        : undefined,
    fields: fieldsOf(record).filter(([key]) => !hidden.has(key)),
  };
}

function shown(value: AnyValue): string {
  if (typeof value === 'string') {
    return /^[\w.:/@+-]+$/.test(value) ? value : escapeControls(JSON.stringify(value));
  }
  if (typeof value === 'number') {
    return String(value);
  }
  return value === undefined ? '' : escapeControls(JSON.stringify(value, jsonValue) ?? '');
}

/** Control characters, line separators and direction marks must not reach a terminal. */
function escapeControls(text: string): string {
  return text.replace(
    /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    (character) =>
      character === '\t' ? '\t' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** By a function for each value JSON takes three times as long. */
function jsonOf(fields: Record<string, unknown>): string {
  for (const key in fields) {
    const value = fields[key];
    if (typeof value === 'object' || (typeof value === 'number' && !Number.isFinite(value))) {
      return JSON.stringify(fields, jsonValue);
    }
  }
  return JSON.stringify(fields);
}

/** JSON has neither bytes nor NaN. */
function jsonValue(_key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return String(value);
  }
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
}

function timeOf([seconds, nanos]: HrTime): string {
  return isoTime(seconds * 1000 + Math.floor(nanos / 1_000_000));
}
