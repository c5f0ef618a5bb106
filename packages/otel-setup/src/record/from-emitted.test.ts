import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HrTime } from '@opentelemetry/api';
import { createFromEmitted } from './from-emitted.ts';
import type { LogRecord } from './log-record.ts';
import { limitsFor } from './resource.ts';

const ours: HrTime = [1, 1];
const fromEmitted = createFromEmitted({
  timestamps: () => ours,
  limits: limitsFor([], { attributeCount: 128, attributeValueLength: Number.POSITIVE_INFINITY }),
  changed: () => undefined,
});

function emitted(record: Partial<LogRecord>): LogRecord {
  const hrTime: HrTime = [2, 0];
  const whole = { hrTime, hrTimeObserved: hrTime, attributes: {}, droppedAttributesCount: 0 };
  return fromEmitted({ ...whole, ...record }, { timed: false });
}

/** As sdk-logs reads the clock. */
function now(): HrTime {
  const ms = Date.now();
  return [Math.floor(ms / 1_000), (ms % 1_000) * 1_000_000];
}

describe('an emitted record', () => {
  it('gets a time of ours where none was given', () => {
    const time = now();
    const { hrTime, hrTimeObserved } = emitted({ hrTime: time, hrTimeObserved: time });
    assert.deepEqual([hrTime, hrTimeObserved], [ours, ours]);
  });

  it('keeps a time that was given, though it equals the observed one', () => {
    const past: HrTime = [1_600_000_000, 0];
    const [seconds, nanos] = now();
    const exact: HrTime = [seconds, nanos + 1];
    for (const time of [past, exact]) {
      const { hrTime, hrTimeObserved } = emitted({ hrTime: time, hrTimeObserved: time });
      assert.deepEqual([hrTime, hrTimeObserved], [time, time]);
    }
  });

  it('keeps its event name, and an attribute of that name beside it', () => {
    const both = emitted({ eventName: 'order.placed', attributes: { 'event.name': 'other' } });
    assert.equal(both.eventName, 'order.placed');
    assert.equal(both.attributes['event.name_2'], 'other');
    assert.equal(emitted({ attributes: { 'event.name': 'alone' } }).eventName, 'alone');
  });

  it('has no body where it was given none', () => {
    assert.equal(emitted({}).body, undefined);
    assert.equal(emitted({ body: null }).body, undefined);
    assert.equal(emitted({ body: '' }).body, '');
  });
});
