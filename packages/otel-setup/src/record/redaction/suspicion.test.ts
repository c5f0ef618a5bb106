import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { allStarts } from './shape-finder.ts';
import { Suspicion } from './suspicion.ts';

describe('suspicion', () => {
  const suspicion = new Suspicion();
  /** Long enough for the regular expression alone. */
  const asLong = (text: string) => suspicion.test(text + 'é'.repeat(65));

  it('finds each start of a secret in a short text as in a long one', () => {
    const starts = [...allStarts(), ':', '=', '>', '--', '%3D', '%3d', "by '", "PASSWORD '"];
    for (const start of starts) {
      for (const text of [start, `x${start}`, `x ${start}y`, `é${start}é`]) {
        assert.equal(suspicion.test(text), true, text);
        assert.equal(asLong(text), true, text);
      }
    }
  });

  it('says of any short text what it says of a long one', () => {
    const part = fc.oneof(
      fc.constantFrom(...allStarts(), '--', '%3D', "by '", "can't", 'cus_', 'req_', ' ', 'ĭ'),
      fc.constantFrom(...allStarts()).map((start) => start.slice(1)),
      fc.string({ maxLength: 5, unit: 'binary' }),
    );
    const text = fc.array(part, { maxLength: 5 }).map((parts) => parts.join('').slice(0, 64));
    fc.assert(fc.property(text, (given) => suspicion.test(given) === asLong(given)));
  });
});
