import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkNode } from './check-node.ts';
import { declaredIn, findInstalled } from './installed.ts';

test('an old Node is wrong, with its fix', () => {
  assert.equal(checkNode('22.15.0').state, 'good');
  const { code, fix, state } = checkNode('20.20.2');
  assert.deepEqual([state, code], ['wrong', 'OTEL_SETUP_NODE_VERSION']);
  assert.match(fix ?? '', /22\.15/);
});

test('a package is found as its user would load it, and one that is not there is not', () => {
  const found = findInstalled(import.meta.dirname, 'winston');
  assert.match(found?.version ?? '', /^3\./);
  assert.equal(findInstalled(import.meta.dirname, 'no-such-package'), undefined);
  assert.equal(findInstalled('/', 'winston'), undefined);
});

test('what a package declares is read from the nearest package.json', () => {
  const declared = declaredIn(import.meta.dirname);
  assert.ok(declared.has('undici'));
  assert.ok(!declared.has('winston'), 'a peer and a package for development');
});
