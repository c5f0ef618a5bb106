import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LogRecord } from '../record/log-record.ts';
import { plainJsonLine, toJsonLine, toPrettyLine } from './console-format.ts';

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

test('a plain call has the very line of its record', () => {
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constantFrom(undefined, '\u0085\u2028\u202e\t\u0000', -0),
  );
  const key = fc.oneof(fc.constantFrom('a', 'b.c', '1', 'toJSON', 'ü'), fc.string());
  const span = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 };
  const own = new Set([
    'timestamp',
    'level',
    'message',
    '__proto__',
    'winston.level',
    'detected_level',
  ]);
  const fields = fc
    .array(fc.tuple(key, value), { maxLength: 5 })
    .map((entries) => Object.fromEntries(entries.filter(([name]) => !own.has(name))));
  const time = fc.tuple(
    fc.integer({ min: -1e9, max: 9e12 }),
    fc.integer({ min: 0, max: 999_999_999 }),
  );
  fc.assert(
    fc.property(
      time,
      fc.string({ unit: 'binary' }),
      fields,
      fc.boolean(),
      (hrTime, body, attributes, inSpan) => {
        const spanContext = inSpan ? span : undefined;
        const line = plainJsonLine(hrTime, 'info', body, attributes, spanContext);
        const whole = toJsonLine(record({ hrTime, body, attributes, spanContext }), 'info');
        assert.deepEqual(JSON.parse(line), JSON.parse(whole));
        assert.equal(line.length, whole.length);
      },
    ),
  );
});
