// Compares what an inbox received with what was logged, field by field, as it stood on the wire.

import type { StoredRecord } from 'otlp-inbox';
import type { Checks } from './checks.ts';
import { type ExpectedRecord, ending, opening } from './expected.ts';
import type { Played } from './play.ts';
import { severities } from './severity.ts';

/** What every record of a run carries. */
export interface Run {
  /** Resource attributes whose values are known. */
  readonly resource: Readonly<Record<string, string>>;
  readonly startedMs: number;
  readonly endedMs: number;
}

export function checkSent(
  records: readonly StoredRecord[],
  played: readonly Played[],
  run: Run,
  checks: Checks,
): void {
  checkOrder(records, checks);
  for (const record of records) checkSource(record, run, checks);
  for (const request of played) {
    const own = records.filter(({ record }) => record.attributes.requestId === request.requestId);
    checks.equal(
      `${request.name}: records`,
      own.map(({ record }) => record.body),
      request.records.map(({ message }) => message),
    );
    for (const [index, expected] of request.records.entries()) {
      checkRecord(own[index], expected, request, checks);
    }
  }
  const others = records.filter(({ record }) => record.attributes.requestId === undefined);
  const outside = {
    name: 'outside requests',
    requestId: undefined,
    traceId: '',
    spanId: '',
    ...run,
  };
  checks.equal(`${outside.name}: records`, others.length, 2);
  checkRecord(others[0], opening, outside, checks);
  checkRecord(others[1], ending, outside, checks);
}

/** A process's times rise strictly, in the order of its calls. */
function checkOrder(records: readonly StoredRecord[], checks: Checks): void {
  let last = 0n;
  for (const { record } of records) {
    const time = record.timeUnixNano;
    checks.equal(`time of "${String(record.body)}"`, time > last, true);
    last = time;
  }
}

function checkSource({ record, resource, scope }: StoredRecord, run: Run, checks: Checks): void {
  const name = `"${String(record.body)}"`;
  const { attributes } = resource;
  for (const [key, value] of Object.entries(run.resource)) {
    checks.equal(`${name}: resource ${key}`, attributes[key], value);
  }
  checks.equal(`${name}: resource service.instance.id`, attributes['service.instance.id'], isText);
  checks.equal(`${name}: scope`, scope.name, isText);
}

function checkRecord(
  stored: StoredRecord | undefined,
  expected: ExpectedRecord,
  request: Omit<Played, 'records' | 'requestId'> & { requestId: string | undefined },
  checks: Checks,
): void {
  const name = `${request.name}, "${expected.message}"`;
  // Which ones are missing stands in the comparison of the messages.
  if (stored === undefined) return;
  const { record } = stored;
  const severity = severities[expected.level];
  checks.equal(`${name}: message`, record.body, expected.message);
  checks.equal(`${name}: severity number`, record.severityNumber, severity.number);
  checks.equal(`${name}: severity text`, record.severityText, severity.text);
  checks.equal(`${name}: level in Grafana`, stored.level, severity.text);
  checks.equal(`${name}: trace id`, record.traceId, request.traceId);
  checks.equal(`${name}: span id`, record.spanId, request.spanId);
  checks.equal(`${name}: flags`, record.flags, request.traceId === '' ? 0 : 1);
  checks.equal(`${name}: time`, record.timeUnixNano, within(request));
  checks.equal(`${name}: observed time`, record.observedTimeUnixNano, within(request));
  checks.equal(`${name}: dropped attributes`, record.droppedAttributesCount, 0);
  checks.equal(`${name}: a repeat`, stored.duplicate, false);
  const attributes = sentAttributes(expected, request.requestId);
  for (const [key, value] of Object.entries(attributes)) {
    checks.equal(`${name}: ${key}`, record.attributes[key], value);
  }
  const names = Object.keys(record.attributes).sort();
  checks.equal(`${name}: attributes`, names, Object.keys(attributes).sort());
}

/** With the request's id, and winston's name of a level that OpenTelemetry calls otherwise. */
export function sentAttributes(
  { level, attributes }: ExpectedRecord,
  requestId: string | undefined,
): ExpectedRecord['attributes'] {
  return {
    ...attributes,
    ...(requestId === undefined ? {} : { requestId }),
    ...(severities[level].text === level ? {} : { 'winston.level': level }),
  };
}

/** The shop's clock is ours; a millisecond either way is rounding. A request's last record follows its answer. */
function within({ startedMs, endedMs }: { startedMs: number; endedMs: number }) {
  const from = BigInt(startedMs - 1) * 1_000_000n;
  const to = BigInt(endedMs + 2000) * 1_000_000n;
  return (value: unknown) => typeof value === 'bigint' && value >= from && value <= to;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
