import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { renderVariables } from './render-variables.ts';

test('the table of docs/variables.md is the one that is read', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/variables.md'), 'utf8');
  const [, table] = /<!-- variables -->\r?\n([\s\S]*?)<!-- \/variables -->/.exec(page) ?? [];
  assert.notEqual(table, undefined, 'docs/variables.md has no <!-- variables --> section');
  assert.equal(table?.replaceAll('\r\n', '\n').trim(), renderVariables());
});
