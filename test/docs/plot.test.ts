import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { draw, rowsOf } from '../../bench/plot.ts';

const textOf = (name: string) =>
  readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

it('docs/performance.svg is the table of docs/performance.md: npm run bench:plot draws it', () => {
  const rows = rowsOf(textOf('performance.md'));
  assert.ok(rows.length >= 6, `${rows.length} rows`);
  assert.equal(textOf('performance.svg'), draw(rows));
});
