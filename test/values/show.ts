// A record in a few words: how docs/values.md writes what was sent, and what Loki shows.

import type { StoredRecord } from 'otlp-inbox';
import type { Case, Sent } from './case.ts';
import type { Arrived } from './collect.ts';

const maxText = 120;

/** What was sent: the body unless it is `m`, the severity unless it is that of `info`, the event name, the attributes. */
export function showSent({ volatile = [] }: Case, arrived: Arrived): string {
  const { thrown } = arrived;
  const shown = arrived.records.map(({ record }) => {
    const parts = [
      record.body === 'm' ? '' : `line ${record.body === null ? 'empty' : showValue(record.body)}`,
      record.severityText === 'info' ? '' : `severity ${record.severityText || 'none'}`,
      record.eventName === '' ? '' : `event ${record.eventName}`,
      ...Object.entries(record.attributes).map(
        ([key, value]) => `${key}: ${volatile.includes(key) ? '…' : showValue(value)}`,
      ),
    ];
    return parts.filter((part) => part !== '').join('\n') || 'line "m"';
  });
  if (shown.length === 0) {
    shown.push('lost');
  }
  return [...(thrown === undefined ? [] : [`throws ${thrown}`]), ...shown].join('\nand ');
}

/** What Grafana shows: the line unless it is `m`, and the fields that come from the record's own attributes. */
export function showFound(
  { volatile = [] }: Case,
  line: string,
  fields: Readonly<Record<string, string>>,
): string {
  const parts = Object.entries(fields).map(([key, value]) => {
    const hidden = volatile.find((name) => key === name || key.startsWith(`${name}_`));
    return hidden === undefined
      ? `${key}="${showText(value)}"`
      : `${hidden}${key === hidden ? '' : '_…'}="…"`;
  });
  const shown = [...new Set(parts)].sort();
  return [...(line === 'm' ? [] : [`line ${showText(line)}`]), ...shown].join('\n') || 'line m';
}

/** Names that stand in Loki for fields of the record or its scope. */
const around =
  /^(?:scope_name|scope_version|severity_number|severity_text|observed_timestamp|event_name|dropped_attributes_count)$/;

export function ownFields(
  { record, resource, metadata }: StoredRecord,
  found: Readonly<Record<string, string>> = metadata,
): Record<string, string> {
  const hasLevel = Object.hasOwn(record.attributes, 'detected_level');
  const copies = Object.keys(resource.attributes).map((key) => key.replace(/[^A-Za-z0-9]+/g, '_'));
  const isOwn = (name: string) =>
    !around.test(name) && !copies.includes(name) && (hasLevel || name !== 'detected_level');
  return Object.fromEntries(Object.entries(found).filter(([name]) => isOwn(name)));
}

function showValue(value: Sent): string {
  if (value === null) {
    return 'empty';
  }
  if (value instanceof Uint8Array) {
    return `bytes ${Buffer.from(value).toString('base64')}`;
  }
  if (Array.isArray(value)) {
    return showText(`[${value.map(showValue).join(', ')}]`);
  }
  if (typeof value === 'object') {
    const fields = Object.entries(value as Record<string, Sent>);
    return showText(`{${fields.map(([key, field]) => `${key}: ${showValue(field)}`).join(', ')}}`);
  }
  if (typeof value === 'string') {
    return `"${showText(value)}"`;
  }
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Lines of a stack differ from machine to machine. */
function showText(text: string): string {
  const steady = text
    .replace(/(?:(?:\\n|\n) {4}at (?:(?!\\n|\n|"|$).)*)+/g, ' at …')
    .replace(/[\p{Cc}\u2028\u2029]/gu, escaped);
  return steady.length <= maxText
    ? steady
    : `${steady.slice(0, 80)}…${steady.slice(steady.length - 30)}`;
}

function escaped(character: string): string {
  return character === '\n' ? '\\n' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
