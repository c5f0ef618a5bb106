import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogRecord } from '../record/log-record.ts';
import { toJsonLine, toPrettyLine } from './console-format.ts';

function record(more: Partial<LogRecord>): LogRecord {
  const parts = { severityNumber: 9, severityText: 'info', droppedAttributesCount: 0 };
  return { hrTime: [0, 0], hrTimeObserved: [0, 0], body: 'm', attributes: {}, ...parts, ...more };
}

function lines(more: Partial<LogRecord>): [json: unknown, pretty: string] {
  const { timestamp: _, ...json } = JSON.parse(toJsonLine(record(more), 'info'));
  return [json, toPrettyLine(record(more), 'info', false).slice(19)];
}

test('numbers that JSON does not have are words', () => {
  assert.deepEqual(lines({ attributes: { ratio: Number.NaN, max: Number.POSITIVE_INFINITY } }), [
    { level: 'info', message: 'm', ratio: 'NaN', max: 'Infinity' },
    'm ratio=NaN max=Infinity',
  ]);
  assert.deepEqual(lines({ body: Number.NaN }), [{ level: 'info', message: 'NaN' }, 'NaN']);
});

test("the event's name, and how many attributes are missing, stand behind the others", () => {
  const more = { attributes: { a: 1 }, eventName: 'order.placed', droppedAttributesCount: 72 };
  assert.deepEqual(lines(more), [
    {
      level: 'info',
      message: 'm',
      a: 1,
      'event.name': 'order.placed',
      dropped_attributes_count: 72,
    },
    'm a=1 event.name=order.placed dropped_attributes_count=72',
  ]);
});

test('a record of a clock beyond all dates is printed with the number', () => {
  const far = record({ hrTime: [9e12, 0] });
  assert.equal(JSON.parse(toJsonLine(far, 'info')).timestamp, '9000000000000000');
  assert.match(toPrettyLine(far, 'info', false), /INFO {2}m$/);
});
