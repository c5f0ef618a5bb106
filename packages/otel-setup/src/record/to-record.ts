// Hot path: runs on the caller's thread for every record.
// winston's info -> LogRecord. Total: whatever the info holds, one record comes out and nothing throws.

import type { HrTime } from '@opentelemetry/api';
import { createAttributeNames } from './attribute-name.ts';
import { Draft } from './draft.ts';
import { type Info, type Levels, levelSymbol } from './info.ts';
import { type Fitted, fitLimits, type Limits, truncatedKey } from './limits.ts';
import type { LogRecord, SpanIds } from './log-record.ts';
import { errorText, type Rendering } from './render-value.ts';
import { type Severity, severityOf } from './severity.ts';

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
      const fitted = fitRecord(draft, text, limits, changed);
      return {
        hrTime: time,
        hrTimeObserved: time,
        spanContext: span,
        severityNumber: number,
        severityText: text,
        body: fitted === undefined ? draft.body : fitted.body,
        eventName: draft.eventName,
        attributes: fitted === undefined ? draft.attributes : fitted.attributes,
        droppedAttributesCount: fitted === undefined ? 0 : fitted.dropped,
      };
    } catch (error) {
      return unreadable(error, time, span);
    }
  };
}

/** Within the limits; undefined: as it is. `level` for Loki where an attribute would hide it. */
export function fitRecord(
  draft: Draft,
  level: string,
  limits: Limits,
  changed: Changed,
): Fitted | undefined {
  if (draft.shadowsLevel) {
    draft.attributes.detected_level = level;
    draft.count++;
  }
  return isSmall(draft, limits) ? undefined : fit(draft, limits, changed);
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
    draft.count <= limits.attributeCount &&
    limits.attributeValueLength === Number.POSITIVE_INFINITY
  );
}

function fit(draft: Draft, limits: Limits, changed: Changed): Fitted {
  const fitted = fitLimits(draft.body, draft.attributes, limits);
  markChanges(fitted, draft.rendering, changed);
  return fitted;
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
