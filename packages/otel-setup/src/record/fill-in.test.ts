import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format } from 'node:util';
import fc from 'fast-check';
import { fillIn, takenBy } from './fill-in.ts';

test('tokens take texts, numbers and lists as util.format does', () => {
  const argument = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.array(fc.integer()),
    fc.constant(new Map([['a', 1]])),
  );
  const message = fc
    .array(fc.oneof(fc.constantFrom('%s', '%d', '%i', '%f', '%j', '%o', '%%', 'a', '%', ' ')))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(message, fc.array(argument, { minLength: 1, maxLength: 4 }), (text, given) => {
      const { count, text: filled } = fillIn(text, given);
      const expected =
        count === 0 ? text.replaceAll('%%', '%') : format(text, ...given.slice(0, count));
      assert.equal(filled, expected);
      assert.equal(takenBy(text, given), count);
    }),
  );
});

test('a plain object is left to be fields where the text has a % of its own', () => {
  for (const text of ['GET /caf%c3%a9', '50%done', "LIKE '%smith%'"]) {
    assert.deepEqual(fillIn(text, [{ a: 1 }]), { text, count: 0 });
  }
  assert.deepEqual(fillIn('%j', [{ a: 1 }]), { text: '{"a":1}', count: 1 });
  assert.deepEqual(fillIn('%s and %s', ['x', { a: 1 }]), { text: 'x and %s', count: 1 });
});
