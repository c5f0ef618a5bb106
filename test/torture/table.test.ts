import assert from 'node:assert/strict';
import { it } from 'node:test';
import { withTable } from './table.ts';
import type { Result } from './torture.ts';

const passed: Result = {
  id: 'T02',
  title: 'is killed',
  result: 'passed',
  form: 'long',
  seconds: 12.3,
  seed: 5,
  figures: { records: 12_345, 'came twice': 0 },
};

it('a table replaces the rows of tests that ran, keeps the others and sorts them', () => {
  const before = [
    'Before.',
    '<!-- torture: begin -->',
    '| T02 | old | failed | 1 |',
    '| T01 | kept | passed | 2 |',
    '<!-- torture: end -->',
    'After.',
  ].join('\n');
  const skipped: Result = { ...passed, id: 'T15', result: 'skipped', figures: {}, why: 'no mount' };
  assert.deepEqual(
    withTable(before, [skipped, passed, { ...passed, title: 'is killed again' }]).split('\n'),
    [
      'Before.',
      '<!-- torture: begin -->',
      '| test | what is done | result | figures |',
      '|---|---|---|---|',
      '| T01 | kept | passed | 2 |',
      '| T02 | is killed | passed | records 12,345; came twice 0; 12.3 s |',
      '| T02 | is killed again | passed | records 12,345; came twice 0; 12.3 s |',
      '| T15 | is killed | skipped | skipped: no mount |',
      '<!-- torture: end -->',
      'After.',
    ],
  );
  assert.throws(() => withTable('no marks', [passed]), /are missing/);
});
