import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readProcessing } from './read-processing.ts';

const problemsOf = (rules: unknown) => readProcessing({ rules }, 'rules').problems;

const wrong: readonly (readonly [rule: unknown, problem: RegExp])[] = [
  [7, /rules\.rules\[0\] must be an object, got number/],
  [{}, /must have one of drop, sample, limit, rename, add, remove, got none/],
  [{ drop: { level: 'info' }, sample: { rate: 1 } }, /got drop and sample/],
  [{ dorp: { level: 'info' } }, /unknown field "dorp"/],
  [{ drop: {} }, /needs a condition/],
  [{ drop: { level: 'warning' } }, /must be one of trace, debug, info, warn, error, fatal/],
  [{ drop: { level: { below: 25 } } }, /severity number from 1 to 24/],
  [{ drop: { level: { below: 'info', atLeast: 'warn' } } }, /with a level between them/],
  [{ drop: { body: { matches: '(?=x)' } } }, /is not in RE2's syntax/],
  [{ drop: { body: { matches: '(a)\\1' } } }, /is not in RE2's syntax/],
  [{ drop: { body: { matches: '(' } } }, /is not in RE2's syntax/],
  [{ drop: { body: { matches: 'x'.repeat(1_001) } } }, /longer than 1000/],
  [{ drop: { attributes: { a: { equals: 1 } } } }, /must be a text/],
  [{ sample: { rate: 0 } }, /from 0\.000001 to 1, got 0/],
  [{ sample: { rate: '10%' } }, /got string/],
  [{ sample: { rate: 0.5 }, when: { level: 'error' } }, /spares errors and is for errors only/],
  [{ limit: { perSecond: -1 } }, /from 0\.001/],
  [{ rename: { a: 'a' } }, /must be another name/],
  [{ rename: { a: '...' } }, /must have a letter or digit of ASCII/],
  [{ add: { 'service.name': 'x' } }, /has a meaning of its own/],
  [{ add: { trace_id: 'x' } }, /has a meaning of its own/],
  [{ add: { a: null } }, /must be a text of at most 1,024 characters/],
  [{ rename: { a: 'ü' } }, /must have a letter or digit of ASCII/],
  [{ remove: 'a' }, /must be an array of attribute names, got string/],
  [{ remove: ['a', ''] }, /must be an array of attribute names, got \["a",""\]/],
  [{ name: 'two\nlines', drop: { level: 'info' } }, /one line of 1 to 100 characters/],
];

for (const [rule, problem] of wrong) {
  it(`${JSON.stringify(rule).slice(0, 60)} is told as wrong, and no rule is read`, () => {
    const { problems, rules } = readProcessing(
      { rules: [{ drop: { level: 'trace' } }, rule] },
      'rules',
    );
    assert.match(problems.join('\n').replace('rules[1]', 'rules[0]'), problem);
    assert.deepEqual(rules, []);
  });
}

it('all problems are told at once', () => {
  assert.equal(problemsOf([{ drop: {} }, { sample: { rate: 2 } }, { remove: [] }]).length, 3);
});

it('anything but an object with rules is a problem, never an exception', () => {
  for (const value of [null, undefined, [], 'rules', 1, { rules: {} }, Object.create(null)]) {
    assert.equal(readProcessing(value, 'rules').problems.length > 0, true);
  }
});

it('a rule without a name is called by its kind and place', () => {
  const { rules } = readProcessing(
    {
      rules: [
        { drop: { level: 'trace' } },
        { name: 'mine', remove: ['a'] },
        { limit: { perSecond: 5 } },
      ],
    },
    'rules',
  );
  assert.deepEqual(
    rules.map(({ name }) => name),
    ['drop-1', 'mine', 'limit-3'],
  );
});

it('what throws when it is read is a problem as well', () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const throwing = {
    get drop(): never {
      throw new Error('no');
    },
  };
  for (const value of [
    proxy,
    { rules: [throwing] },
    { rules: [{ drop: { body: Object.create(RegExp.prototype) } }] },
  ]) {
    const { problems, rules } = readProcessing(value, 'rules');
    assert.match(problems.join(), /cannot be read/);
    assert.deepEqual(rules, []);
  }
});
