import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parsePath } from './paths.ts';

it('a path is read as pino writes it', () => {
  const paths: Readonly<Record<string, readonly string[]>> = {
    a: ['a'],
    '*': ['*'],
    'a.b-c.d': ['a', 'b-c', 'd'],
    'a[0].b': ['a', '0', 'b'],
    'a[*].b.*': ['a', '*', 'b', '*'],
    'a["x.y z"]': ['a', 'x.y z'],
    "['b-c'][3]": ['b-c', '3'],
  };
  for (const [path, keys] of Object.entries(paths)) {
    assert.deepEqual(parsePath(path), keys, path);
  }
});

it('what is no path is told apart', () => {
  for (const path of [
    '',
    '.',
    '.a',
    'a.',
    'a..b',
    'a[',
    'a[]',
    'a[b]',
    'a["b]',
    'a[0]b',
    'a b',
    'a["b"c',
  ]) {
    assert.equal(parsePath(path), undefined, path);
  }
});
