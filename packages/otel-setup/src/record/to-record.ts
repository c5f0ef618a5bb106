// Hot path: runs on the caller's thread for every record.
// winston's info -> LogRecord. Total: whatever the info holds, one record comes out and nothing throws.

import type { HrTime } from '@opentelemetry/api';
import { addShared } from './add-shared.ts';
import { createAttributeNames } from './attribute-name.ts';
import { Draft } from './draft.ts';
import { type Changed, fitRecord, maxEventNameBytes, maxSeverityTextBytes } from './fit-record.ts';
import { type Info, type Levels, levelSymbol, type SharedFields } from './info.ts';
import { isSurelyWithin, type Limits, maxUnitBytes } from './limits.ts';
import type { SpanIds } from './log-record.ts';
import { MadeRecord, type Parts } from './made-record.ts';
import type { Redactor } from './redaction/redactor.ts';
import { createSeverities, type Severity, type SeverityMapping, severityText } from './severity.ts';
import { errorText } from './unreadable.ts';

export type ToRecord = (
  info: Info,
  levels: Levels,
  span: SpanIds | undefined,
  shared?: SharedFields | undefined,
) => MadeRecord;

export function createToRecord(options: {
  timestamps: () => HrTime;
  limits: Limits;
  changed: Changed;
  severities?: SeverityMapping;
  redactor?: Redactor | undefined;
}): ToRecord {
  const { timestamps, limits, changed, redactor } = options;
  const names = createAttributeNames(limits.reserved, redactor);
  const severity = createSeverities(options.severities);

  return (info, levels, span, shared) => {
    const time = timestamps();
    let known: Severity | undefined;
    try {
      const level = String(info[levelSymbol] ?? info.level);
      known = severity(level, levels);
      const { number, text, name } = known;
      const draft = new Draft(info, span, names, redactor);
      if (name !== undefined) {
        draft.put('winston.level', name);
      }
      draft.addFields();
      if (shared !== undefined) {
        addShared(draft, shared);
      }
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
      const why = redactor?.text(errorText(error)) ?? errorText(error);
      return unreadableRecord(why, time, span, known);
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
  const level = parts.severityText ?? severityText(parts.severityNumber ?? 9);
  if (draft.shadowsLevel) {
    draft.putAs('detected_level', level);
  }
  if (isSmall(draft, level, limits)) {
    return new MadeRecord(parts, draft.body, draft.eventName, draft.keys, draft.values);
  }
  return fitRecord(draft, parts, level, limits, changed);
}

function isSmall(draft: Draft, level: string, limits: Limits): boolean {
  const { body, eventName } = draft;
  const bodyChars = typeof body === 'string' ? body.length : 0;
  return (
    !draft.suspicious &&
    !draft.isInterrupted &&
    level.length * maxUnitBytes <= maxSeverityTextBytes &&
    (eventName === undefined || eventName.length * maxUnitBytes <= maxEventNameBytes) &&
    isSurelyWithin(limits, draft.chars + bodyChars, draft.keys.length)
  );
}

/** In the place of a record that could not be made. */
export function unreadableRecord(
  why: string,
  time: HrTime,
  span: SpanIds | undefined,
  severity?: Severity,
): MadeRecord {
  const parts = {
    hrTime: time,
    hrTimeObserved: time,
    spanContext: span,
    severityNumber: severity?.number ?? 9,
    severityText: severity?.text ?? 'info',
    droppedAttributesCount: 0,
  };
  return new MadeRecord(parts, `[unreadable record: ${why.slice(0, 1_000)}]`, undefined, [], []);
}
