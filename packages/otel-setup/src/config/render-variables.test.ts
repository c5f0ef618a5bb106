import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { renderVariables } from './render-variables.ts';

test("the README's table of variables is the one that is read", () => {
  const readme = readFileSync(join(import.meta.dirname, '../../../../README.md'), 'utf8');
  const [, table] = /<!-- variables -->\r?\n([\s\S]*?)<!-- \/variables -->/.exec(readme) ?? [];
  assert.notEqual(table, undefined, 'README.md has no <!-- variables --> section');
  assert.equal(table?.replaceAll('\r\n', '\n').trim(), renderVariables());
});
