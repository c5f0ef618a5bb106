import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoredRecord } from 'otlp-inbox';
import { checkSent, type Run } from './check-sent.ts';
import { Checks } from './checks.ts';
import { type ExpectedRecord, ending, opening } from './expected.ts';
import type { Played } from './play.ts';
import { severities } from './severity.ts';

const run: Run = { resource: { 'service.name': 'shop' }, startedMs: 1000, endedMs: 2000 };
const request: Played = {
  name: 'an order',
  requestId: 'r1',
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  startedMs: 1000,
  endedMs: 2000,
  records: [
    {
      level: 'http',
      message: 'done',
      attributes: { items: [{ id: 1 }], bytes: new Uint8Array(2) },
    },
  ],
};

interface Sent {
  level: string;
  resource: { attributes: Record<string, unknown> };
  scope: { name: string };
  duplicate: boolean;
  record: Record<string, unknown> & { attributes: Record<string, unknown> };
}

function sent(expected: ExpectedRecord, time: bigint, own?: Played): Sent {
  const { number, text } = severities[expected.level];
  const name = text === expected.level ? {} : { 'winston.level': expected.level };
  return {
    level: text,
    resource: { attributes: { 'service.name': 'shop', 'service.instance.id': 'x' } },
    scope: { name: 'winston' },
    duplicate: false,
    record: {
      body: expected.message,
      severityNumber: number,
      severityText: text,
      traceId: own?.traceId ?? '',
      spanId: own?.spanId ?? '',
      flags: own === undefined ? 0 : 1,
      timeUnixNano: time,
      observedTimeUnixNano: time,
      droppedAttributesCount: 0,
      attributes: {
        ...structuredClone(expected.attributes),
        ...name,
        ...(own && { requestId: own.requestId }),
      },
    },
  };
}

/** The problems found when the record of the request is changed on its way. */
function problems(alter: (records: Sent[]) => void = () => undefined): string[] {
  const [first] = request.records;
  assert.ok(first !== undefined);
  const records = [
    sent(opening, 1_100_000_000n),
    sent(first, 1_200_000_000n, request),
    sent(ending, 1_300_000_000n),
  ];
  alter(records);
  const checks = new Checks();
  checkSent(records as unknown as StoredRecord[], [request], run, checks);
  return checks.problems;
}

test('records that were sent as they were logged pass', () => {
  assert.deepEqual(problems(), []);
});

test('any one altered field is found', () => {
  const alterations: ((record: Sent) => void)[] = [
    ({ record }) => Object.assign(record, { body: 'Done' }),
    ({ record }) => Object.assign(record, { severityNumber: 9 }),
    ({ record }) => Object.assign(record, { severityText: 'http' }),
    ({ record }) => Object.assign(record, { traceId: 'c'.repeat(32) }),
    ({ record }) => Object.assign(record, { spanId: '' }),
    ({ record }) => Object.assign(record, { flags: 0 }),
    ({ record }) => Object.assign(record, { timeUnixNano: 1_100_000_000n }),
    ({ record }) => Object.assign(record, { timeUnixNano: 9_200_000_000_000n }),
    ({ record }) => Object.assign(record, { observedTimeUnixNano: 0n }),
    ({ record }) => Object.assign(record, { droppedAttributesCount: 1 }),
    ({ record }) => Object.assign(record.attributes, { items: [{ id: '1' }] }),
    ({ record }) => Object.assign(record.attributes, { bytes: [0, 0] }),
    ({ record }) => Object.assign(record.attributes, { added: true }),
    ({ record }) => delete record.attributes['winston.level'],
    ({ record }) => delete record.attributes.requestId,
    ({ resource }) => Object.assign(resource.attributes, { 'service.name': 'demo-app' }),
    ({ resource }) => delete resource.attributes['service.instance.id'],
    ({ scope }) => Object.assign(scope, { name: '' }),
    (record) => Object.assign(record, { duplicate: true }),
    (record) => Object.assign(record, { level: 'http' }),
  ];
  for (const alter of alterations) {
    const found = problems((records) => records[1] && alter(records[1]));
    assert.notDeepEqual(found, [], String(alter));
  }
});

test('a missing record, a record too many and two in the wrong order are found', () => {
  assert.notDeepEqual(
    problems((records) => records.splice(1, 1)),
    [],
  );
  assert.notDeepEqual(
    problems((records) => records.shift()),
    [],
  );
  assert.notDeepEqual(
    problems((records) => records.push(...records.slice(1, 2))),
    [],
  );
  assert.notDeepEqual(
    problems((records) => records.reverse()),
    [],
  );
});
