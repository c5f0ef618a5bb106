// A record that may pass a limit: brought within it, with marks that name what was changed.

import type { SentKey } from './attribute-name.ts';
import { cutText, cutValue } from './cut-value.ts';
import { type Fitted, fitAttributes, type Limits } from './limits.ts';
import type { AnyValue } from './log-record.ts';
import { MadeRecord, type Parts } from './made-record.ts';

/** What was changed on the way, for the ledger. */
export type Change =
  | 'renamed'
  | 'truncated'
  | 'attributes_dropped'
  | 'resource_changed'
  | 'scope_changed';
/** `names`: of the attributes, as they were logged; for renamed ones `old -> new`. Never their values. */
export type Changed = (change: Change, count: number, names: readonly string[]) => void;

export const truncatedKey = 'otel_setup.truncated';
export const renamedKey = 'otel_setup.renamed';

/** Bytes of a mark's text. */
export const maxMarkBytes = 512;

/** Bytes of the fields that Loki makes structured metadata of, beside the attributes. */
export const maxEventNameBytes = 512;
export const maxSeverityTextBytes = 128;

/** A record before its limits: columns that may be added to, and what rendering has to tell. */
export interface Unfitted {
  readonly body: AnyValue;
  readonly eventName: string | undefined;
  readonly keys: SentKey[];
  readonly values: AnyValue[];
  readonly rendering: { readonly cut: number; readonly renamed: readonly string[] } | undefined;
  /** Fields that are in neither column, because there are far too many. */
  readonly unread: number;
}

/** `level` is told to Loki where a leaf of a map would be taken for it. */
export function fitRecord(
  record: Unfitted,
  parts: Parts,
  level: string,
  limits: Limits,
  changed: Changed,
): MadeRecord {
  const fields = fitFields(record, parts, limits);
  let fitted = fitAttributes(record.keys, record.values, limits);
  if (fitted.shadowsLevel && !record.keys.some(({ key }) => key === 'detected_level')) {
    record.keys.push({ key: 'detected_level', encoded: undefined });
    record.values.push(cutText(level, maxSeverityTextBytes));
    fitted = fitAttributes(record.keys, record.values, limits);
  }
  const cut = [...fields.cut, ...fitted.cut];
  if (record.rendering !== undefined && record.rendering.cut > 0) {
    cut.push('values');
  }
  const renamed = [...(record.rendering?.renamed ?? []), ...fitted.renamed];
  report(fitted, record.unread, cut, renamed, changed);
  const dropped = fitted.dropped.length + record.unread;
  const droppedAttributesCount = parts.droppedAttributesCount + dropped;
  const counted = { ...parts, severityText: fields.severityText, droppedAttributesCount };
  const marked = { keys: [...fitted.keys], values: [...fitted.values] };
  addMark(marked, truncatedKey, cut);
  addMark(marked, renamedKey, renamed);
  return new MadeRecord(counted, fields.body, fields.eventName, marked.keys, marked.values);
}

function fitFields({ body, eventName }: Unfitted, { severityText }: Parts, limits: Limits) {
  const fitted = {
    body: cutValue(body, limits.lineBytes),
    eventName: eventName === undefined ? undefined : cutText(eventName, maxEventNameBytes),
    severityText:
      severityText === undefined ? undefined : cutText(severityText, maxSeverityTextBytes),
  };
  const cut: string[] = [];
  if (!Object.is(fitted.body, body)) {
    cut.push('body');
  }
  if (fitted.eventName !== eventName) {
    cut.push('event_name');
  }
  if (fitted.severityText !== severityText) {
    cut.push('severity_text');
  }
  return { ...fitted, cut };
}

function report(
  { dropped }: Fitted,
  unread: number,
  cut: readonly string[],
  renamed: readonly string[],
  changed: Changed,
): void {
  if (renamed.length > 0) {
    changed('renamed', renamed.length, renamed);
  }
  if (dropped.length > 0) {
    changed('attributes_dropped', dropped.length + unread, dropped);
  }
  if (cut.length > 0) {
    changed('truncated', 1, cut);
  }
}

/** The names in one text, shortened. */
export function markText(names: readonly string[]): string {
  const few = names.slice(0, 16).map((name) => cutText(name, 140));
  return cutText(few.join(', '), maxMarkBytes);
}

function addMark(
  { keys, values }: { keys: SentKey[]; values: AnyValue[] },
  key: string,
  names: readonly string[],
): void {
  if (names.length === 0) {
    return;
  }
  // A record that comes back from another processor brings its mark along.
  const at = keys.findIndex((sent) => sent.key === key);
  if (at >= 0) {
    values[at] = markText([String(values[at]), ...names]);
    return;
  }
  keys.push({ key, encoded: undefined });
  values.push(markText(names));
}
