import assert from 'node:assert/strict';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Journal } from './journal.ts';
import type { RequestEntry } from './store.ts';

test('a request that ends after the close is written to no file that took its number', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'journal-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const journal = new Journal(join(folder, 'journal'), 'id');
  journal.close();
  openSync(join(folder, 'other'), 'a');
  journal.write({ headers: {} } as RequestEntry, [], new Set());
  assert.equal(readFileSync(join(folder, 'other'), 'utf8'), '');
  assert.equal(readFileSync(join(folder, 'journal'), 'utf8'), '');
});
