import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lateNotices } from './late-options.ts';

test('options that a later init() changes or adds are told by name', () => {
  const first = { serviceName: 'shop', redaction: { keys: ['pin'] }, onNotice: () => undefined };
  const [notice, ...more] = lateNotices(
    { serviceName: 'cart', redaction: { keys: ['ssn'] }, route: 'alloy', level: undefined },
    first,
  );
  assert.deepEqual(more, []);
  assert.deepEqual([notice?.code, notice?.level], ['OTEL_SETUP_UNUSED', 'warn']);
  assert.match(notice?.message ?? '', /no effect: serviceName, redaction, route\. Give them/);
});

test('the same call once more, an empty one and one with a logger alone say nothing', () => {
  const make = () => ({ redaction: { keys: ['pin'] }, processors: [], onNotice: () => undefined });
  assert.deepEqual(lateNotices(make(), make()), []);
  assert.deepEqual(lateNotices({}, make()), []);
  assert.deepEqual(lateNotices({ serviceName: '' }, {}), []);
});
