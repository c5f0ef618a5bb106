import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tookOverNotice } from './took-over-notice.ts';

test('records of earlier processes are told with their number and age', () => {
  assert.equal(
    tookOverNotice({ records: 12_300, directories: 2, oldestMs: 0 }, 240_000).message,
    '12,300 records of 2 earlier processes of this service, on disk for up to 4 min, are sent now, beside new ones.',
  );
  assert.equal(
    tookOverNotice({ records: 1, directories: 1, oldestMs: 5_000 }, 4_000).message,
    'One record of an earlier process of this service, on disk for up to 0 ms, is sent now, beside new ones.',
  );
});
