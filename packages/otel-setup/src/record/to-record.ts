// Hot path: runs on the caller's thread for every record.
// winston's info -> LogRecord. Total: whatever the info holds, one record comes out and nothing throws.

import type { HrTime } from '@opentelemetry/api';
import { createAttributeNames } from './attribute-name.ts';
import { Draft } from './draft.ts';
import { type Info, type Levels, levelSymbol } from './info.ts';
import { type Fitted, fitLimits, type Limits, truncatedKey } from './limits.ts';
import type { LogRecord, SpanIds } from './log-record.ts';
import { MadeRecord, type Parts } from './made-record.ts';
import { errorText, type Rendering } from './render-value.ts';
import { type Severity, severityOf, severityText } from './severity.ts';

/** What was changed on the way, for the ledger. */
export type Change = 'renamed' | 'truncated' | 'attributes_dropped';
export type Changed = (change: Change, count: number) => void;

export type ToRecord = (info: Info, levels: Levels, span: SpanIds | undefined) => LogRecord;

/** Fewer UTF-16 units than this cannot be more bytes than a limit allows. */
const certainlySmall = 16_000;

export function createToRecord(options: {
  timestamps: () => HrTime;
  limits: Limits;
  changed: Changed;
}): ToRecord {
  const { timestamps, limits, changed } = options;
  const names = createAttributeNames();
  const severity = createSeverities();

  return (info, levels, span) => {
    const time = timestamps();
    try {
      const level = info[levelSymbol] ?? String(info.level);
      const draft = new Draft(info, span, names);
      const { number, text, name } = severity(level, levels);
      if (name !== undefined) {
        draft.put('winston.level', name);
      }
      draft.addFields();
      const parts = {
        hrTime: time,
        hrTimeObserved: time,
        spanContext: span,
        severityNumber: number,
        severityText: text,
        droppedAttributesCount: 0,
      };
      return finishRecord(draft, parts, limits, changed);
    } catch (error) {
      return unreadable(error, time, span);
    }
  };
}

/** The record within the limits; `detected_level` for Loki where an attribute would hide its level. */
export function finishRecord(
  draft: Draft,
  parts: Parts,
  limits: Limits,
  changed: Changed,
): MadeRecord {
  if (draft.shadowsLevel) {
    const text = parts.severityText ?? severityText(parts.severityNumber ?? 9);
    draft.putAs('detected_level', text);
  }
  const { body, eventName, keys, values } = draft;
  if (isSmall(draft, limits)) {
    return new MadeRecord(parts, body, eventName, keys, values);
  }
  const fitted = fitLimits(
    body,
    keys.map(({ key }) => key),
    values,
    limits,
  );
  markChanges(fitted, draft.rendering, changed);
  const droppedAttributesCount = parts.droppedAttributesCount + fitted.dropped;
  return new MadeRecord(
    { ...parts, droppedAttributesCount },
    fitted.body,
    eventName,
    Object.keys(fitted.attributes).map((key) => ({ key, encoded: undefined })),
    Object.values(fitted.attributes),
  );
}

function createSeverities(): (level: string, levels: Levels) => Severity {
  let knownLevels: Levels | undefined;
  let known = new Map<string, Severity>();
  return (level, levels) => {
    if (levels !== knownLevels) {
      knownLevels = levels;
      known = new Map();
    }
    let found = known.get(level);
    if (found === undefined) {
      found = severityOf(level, levels);
      known.set(level, found);
    }
    return found;
  };
}

function isSmall(draft: Draft, limits: Limits): boolean {
  const bodyChars = typeof draft.body === 'string' ? draft.body.length : 0;
  return (
    !draft.suspicious &&
    draft.chars + bodyChars < certainlySmall &&
    draft.keys.length <= limits.attributeCount &&
    limits.attributeValueLength === Number.POSITIVE_INFINITY
  );
}

function markChanges(fitted: Fitted, rendering: Rendering | undefined, changed: Changed): void {
  const renamed = fitted.renamed + (rendering?.renamed ?? 0);
  const cut = rendering !== undefined && rendering.cut > 0 ? [...fitted.cut, 'values'] : fitted.cut;
  if (renamed > 0) {
    changed('renamed', renamed);
  }
  if (fitted.dropped > 0) {
    changed('attributes_dropped', fitted.dropped);
  }
  if (cut.length > 0) {
    fitted.attributes[truncatedKey] = cut
      .slice(0, 16)
      .map((name) => name.slice(0, 64))
      .join(',');
    changed('truncated', 1);
  }
}

function unreadable(error: unknown, time: HrTime, span: SpanIds | undefined): LogRecord {
  return {
    hrTime: time,
    hrTimeObserved: time,
    spanContext: span,
    severityNumber: 9,
    severityText: 'info',
    body: `[unreadable record: ${errorText(error).slice(0, 1_000)}]`,
    attributes: {},
    droppedAttributesCount: 0,
  };
}
