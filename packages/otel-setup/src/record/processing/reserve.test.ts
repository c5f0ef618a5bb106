import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Limits } from '../limits.ts';
import { readProcessing } from './read-processing.ts';
import { reserveFor } from './reserve.ts';

const limits: Limits = {
  attributeCount: 100,
  attributeValueLength: Number.POSITIVE_INFINITY,
  attributeBytes: 60_000,
  lineBytes: 262_144,
  reserved: new Set(),
};

function reserved(...rules: unknown[]): Limits {
  return reserveFor(readProcessing({ rules }, 'rules').rules, limits);
}

it('room is kept for each attribute that rules add, and for a field that becomes one', () => {
  assert.equal(reserved({ add: { a: 1, b: 'text' } }).attributeCount, 98);
  assert.equal(reserved({ rename: { 'req.ip': 'address', user: 'customer' } }).attributeCount, 99);
  assert.ok(reserved({ add: { a: 'x'.repeat(1_000) } }).attributeBytes <= 59_000);
});

it('rules that add nothing leave the limits as they are', () => {
  assert.deepEqual(reserved({ drop: { level: 'debug' } }, { remove: ['a'] }), limits);
});

it('rules that would fill a record are a problem', () => {
  const add = Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`a${i}`, 1]));
  const { problems, rules } = readProcessing({ rules: [{ add }] }, 'rules');
  assert.match(problems.join(), /add 33 attributes .*at most 32/);
  assert.deepEqual(rules, []);
  const large = {
    add: Object.fromEntries([...'abcdefghijklmnopq'].map((key) => [key, 'x'.repeat(1_000)])),
  };
  assert.match(
    readProcessing({ rules: [large] }, 'rules').problems.join(),
    /at most 32 and 16384 bytes/,
  );
});
