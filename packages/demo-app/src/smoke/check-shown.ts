// Compares what Loki shows with what was logged: line, time, and every field under its Loki name.

import { sentAttributes } from './check-sent.ts';
import type { Checks } from './checks.ts';
import { type ExpectedRecord, ending, opening } from './expected.ts';
import type { Played } from './play.ts';
import { severities } from './severity.ts';

/** An entry of a LogQL answer: index labels and structured metadata in one. */
export interface ShownEntry {
  readonly timestampNs: bigint;
  readonly line: string;
  readonly fields: Readonly<Record<string, string>>;
}

export function checkShown(
  entries: readonly ShownEntry[],
  played: readonly Played[],
  resource: Readonly<Record<string, string>>,
  checks: Checks,
): void {
  const inOrder = entries.toSorted((a, b) => (a.timestampNs < b.timestampNs ? -1 : 1));
  const outside = inOrder.filter(({ fields }) => fields.requestId === undefined);
  checks.equal('outside requests: entries in Loki', outside.length, 2);
  checkEntry(outside[0], opening, undefined, resource, checks);
  checkEntry(outside[1], ending, undefined, resource, checks);
  for (const request of played) {
    const own = inOrder.filter(({ fields }) => fields.requestId === request.requestId);
    checks.equal(`${request.name}: entries in Loki`, own.length, request.records.length);
    for (const [index, expected] of request.records.entries()) {
      checkEntry(own[index], expected, request, resource, checks);
    }
  }
}

function checkEntry(
  entry: ShownEntry | undefined,
  expected: ExpectedRecord,
  request: Played | undefined,
  resource: Readonly<Record<string, string>>,
  checks: Checks,
): void {
  // That one is missing stands in the comparison of the counts.
  if (entry === undefined) return;
  const name = `in Loki: ${request?.name ?? 'outside requests'}, "${expected.message}"`;
  const severity = severities[expected.level];
  checks.equal(`${name}: line`, entry.line, expected.message);
  const fields = shownFields({
    ...sentAttributes(expected, request?.requestId),
    ...resource,
    severity_number: severity.number,
    severity_text: severity.text,
    detected_level: severity.text,
    ...(request === undefined ? {} : { trace_id: request.traceId, span_id: request.spanId }),
  });
  for (const [key, value] of Object.entries(fields)) {
    checks.equal(`${name}: ${key}`, entry.fields[key], value);
  }
}

/** Values as Loki keeps them: maps flattened, everything a text, what is empty not at all. */
export function shownFields(
  attributes: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([key, value]) => flatten(lokiName(key), value)),
  );
}

function flatten(name: string, value: unknown): [string, unknown][] {
  if (value === null || value === undefined || value === '') return [];
  if (typeof value === 'function') return [[name, (text: unknown) => value(asNumber(text))]];
  if (value instanceof Uint8Array) return [[name, Buffer.from(value).toString('base64')]];
  if (Array.isArray(value)) {
    return [[name, (text: unknown) => isJsonOf(text, value)]];
  }
  if (typeof value === 'object') {
    return Object.entries(value).flatMap(([key, field]) =>
      flatten(`${name}_${lokiName(key)}`, field),
    );
  }
  return [[name, String(value)]];
}

/** Checks of numbers and of texts read the text that Loki keeps. */
function asNumber(text: unknown): unknown {
  return typeof text === 'string' && /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
}

/** Loki orders the keys of a map in an array as it likes. */
function isJsonOf(text: unknown, value: unknown): boolean {
  return typeof text === 'string' && sorted(JSON.parse(text)) === sorted(value);
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, field: unknown) =>
    typeof field === 'object' && field !== null && !Array.isArray(field)
      ? Object.fromEntries(Object.entries(field).sort(([a], [b]) => (a < b ? -1 : 1)))
      : field,
  );
}

function lokiName(key: string): string {
  return key.replace(/[^A-Za-z0-9]+/g, '_').replace(/^(?=\d)/, 'key_');
}
