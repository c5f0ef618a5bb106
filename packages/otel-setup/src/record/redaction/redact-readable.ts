// Redaction for records that upstream's parts have made: a record without secrets is left as it is.

import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { AnyValue } from '../log-record.ts';
import { Rendering } from '../render-value.ts';
import type { RedactionOptions } from './redaction-options.ts';
import { type Place, Redactor } from './redactor.ts';
import type { Count } from './scan-text.ts';

export function createReadableRedaction(
  options: RedactionOptions,
  count: Count,
): (record: ReadableLogRecord) => ReadableLogRecord {
  let found = 0;
  const redactor = new Redactor(options, (rule) => {
    found++;
    count(rule);
  });
  // Upstream carries values that rendering would change; only one with a secret in it is rendered.
  const clean = (value: unknown, place: Place | undefined): AnyValue => {
    const before = found;
    const rendered = redactor.value(new Rendering(redactor).render(value), place);
    return found === before ? (value as AnyValue) : rendered;
  };
  return (record) => {
    const before = found;
    const body = clean(record.body, redactor.placeOf('message'));
    const attributes = Object.entries(record.attributes).map(([given, value]) => {
      const key = redactor.key(given);
      return [key, clean(value, redactor.placeOf(key))] as const;
    });
    const { eventName, severityText } = record;
    const texts = {
      ...(eventName === undefined ? {} : { eventName: redactor.text(eventName) }),
      ...(severityText === undefined ? {} : { severityText: redactor.text(severityText) }),
    };
    return found === before
      ? record
      : { ...fieldsOf(record), ...texts, body, attributes: Object.fromEntries(attributes) };
  };
}

/** They are getters of its prototype. */
function fieldsOf(record: ReadableLogRecord): ReadableLogRecord {
  const { hrTime, hrTimeObserved, spanContext, severityText, severityNumber } = record;
  const { resource, instrumentationScope, attributes, droppedAttributesCount } = record;
  return {
    ...{
      hrTime,
      hrTimeObserved,
      resource,
      instrumentationScope,
      attributes,
      droppedAttributesCount,
    },
    ...(spanContext === undefined ? {} : { spanContext }),
    ...(severityText === undefined ? {} : { severityText }),
    ...(severityNumber === undefined ? {} : { severityNumber }),
  };
}
