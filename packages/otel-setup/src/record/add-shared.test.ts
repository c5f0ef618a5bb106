import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFromEmitted } from './from-emitted.ts';
import { type Info, levelSymbol, type SharedFields } from './info.ts';
import type { LogRecord } from './log-record.ts';
import { limitsFor } from './resource.ts';
import { createTimestamps } from './timestamps.ts';
import { createToRecord } from './to-record.ts';

const making = {
  timestamps: createTimestamps(() => 1_700_000_000_000),
  limits: limitsFor([], {
    attributeCount: 128,
    attributeValueLength: Number.POSITIVE_INFINITY,
  }),
  changed: () => undefined,
};

function logged(fields: object, shared: SharedFields): LogRecord {
  const info = { ...fields, level: 'info', [levelSymbol]: 'info' } as unknown as Info;
  return createToRecord(making)(info, { info: 0 }, undefined, shared);
}

function emitted(attributes: LogRecord['attributes'], shared: SharedFields): LogRecord {
  const hrTime: [number, number] = [1, 0];
  const record = { hrTime, hrTimeObserved: hrTime, attributes, droppedAttributesCount: 0 };
  return createFromEmitted(making)(record, { timed: false, shared });
}

describe("a request's fields", () => {
  it("stand behind the record's own, winston's and another source's", () => {
    const shared = { b: { c: new Date(0) }, id: 'r1', none: undefined };
    const expected = { a: 1, b: { c: '1970-01-01T00:00:00.000Z' }, id: 'r1' };
    assert.deepEqual(logged({ message: 'm', a: 1 }, shared).attributes, expected);
    assert.deepEqual(emitted({ a: 1 }, shared).attributes, expected);
    assert.deepEqual(Object.keys(logged({ message: 'm', a: 1 }, shared).attributes), [
      'a',
      'b',
      'id',
    ]);
  });

  it("take the place of none of the record's own", () => {
    const own = { 'event.name': 'own', '': 'own', a: false, 'user.id': 'own' };
    const shared = {
      'event.name': 'theirs',
      '': 'theirs',
      a: true,
      'user.id': 'theirs',
      'exception.type': 'theirs',
      'winston.level': 'theirs',
    };
    const { attributes, eventName } = logged(
      { message: 'm', ...own, error: new RangeError('no') },
      shared,
    );
    assert.equal(eventName, 'own');
    assert.deepEqual(
      [attributes.key_empty, attributes.a, attributes['user.id'], attributes['exception.type']],
      ['own', false, 'own', 'RangeError'],
    );
    assert.equal(emitted({ a: 'own' }, shared).attributes.a, 'own');
  });

  it('fill in what the record gives as undefined', () => {
    assert.equal(logged({ message: 'm', userId: undefined }, { userId: 7 }).attributes.userId, 7);
  });

  it('never change level, message or exception of the record', () => {
    const shared = {
      level: 'gold',
      message: 'theirs',
      stack: 'theirs',
      error: new Error('theirs'),
    };
    const { attributes, body, severityText } = logged({ message: 'own' }, shared);
    assert.deepEqual([body, severityText, attributes.detected_level], ['own', 'info', 'info']);
    assert.deepEqual(
      [attributes.level, attributes.message, attributes.stack, attributes['exception.type']],
      ['gold', 'theirs', 'theirs', undefined],
    );
  });

  it('are cut like any other value, and the first to go beyond the limits', () => {
    const own = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`own${i}`, i]));
    const more = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`shared${i}`, i]));
    const { attributes, droppedAttributesCount } = logged({ message: 'm', ...own }, more);
    assert.ok(Object.keys(own).every((key) => key in attributes));
    assert.ok(droppedAttributesCount > 0);
    const long = logged({ message: 'm' }, { text: 'x'.repeat(100_000) });
    assert.ok(String(long.attributes.text).length < 65_536);
  });
});
