import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gapRecord } from './own-records.ts';

test('a gap is told with its count and its times, one record as one', () => {
  const gap = { firstMs: 0, lastMs: 1_000, reason: 'disk_cap' } as const;
  const between = 'logged between 1970-01-01T00:00:00.000Z and 1970-01-01T00:00:01.000Z (disk_cap)';
  assert.equal(
    gapRecord({ ...gap, count: 2 }, [1, 0]).body,
    `otel-setup gave up 2 records ${between}`,
  );
  assert.equal(
    gapRecord({ ...gap, count: 1 }, [1, 0]).body,
    `otel-setup gave up a record ${between}`,
  );
});
