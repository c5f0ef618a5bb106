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

it('a table replaces the rows of tests that ran, keeps the others and sorts them, the stock pipeline beside them', () => {
  const before = [
    'Before.',
    '<!-- torture: begin -->',
    '| T02 | old | failed | 1 |',
    '| T01 | kept | passed | 2 | before |',
    '<!-- torture: end -->',
    'After.',
  ].join('\n');
  const none = { lost: 0, of: 0, twice: 0, altered: 0 };
  const stock = [
    { ...none, id: 'T01', title: 'one form', lost: 4, of: 10 },
    { ...none, id: 'T01', title: 'another', lost: 5, of: 1_000, twice: 2, altered: 1 },
    { ...none, id: 'T02', title: 'is killed', lost: 7, of: 10 },
    { ...none, id: 'T02', title: 'is killed again', lost: 7, of: 12 },
  ];
  const skipped: Result = { ...passed, id: 'T15', result: 'skipped', figures: {}, why: 'no mount' };
  assert.deepEqual(
    withTable(before, [skipped, passed, { ...passed, title: 'is killed again' }], stock).split(
      '\n',
    ),
    [
      'Before.',
      '<!-- torture: begin -->',
      '| test | what is done | result | figures | stock pipeline: lost |',
      '|---|---|---|---|---|',
      '| T01 | kept | passed | 2 | 9 of 1,010; 2 came twice; 1 altered |',
      '| T02 | is killed | passed | records 12,345; came twice 0; 12.3 s | 7 of 10 |',
      '| T02 | is killed again | passed | records 12,345; came twice 0; 12.3 s | 7 of 12 |',
      '| T15 | is killed | skipped | skipped: no mount | not applicable |',
      '<!-- torture: end -->',
      'After.',
    ],
  );
  assert.throws(() => withTable('no marks', [passed], []), /are missing/);
});
