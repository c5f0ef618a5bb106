import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readableCopy } from './readable-copy.ts';

describe('a readable copy', () => {
  it('has each field that can be read, and says of the others that they cannot', () => {
    const value = Object.freeze({
      a: 1,
      get b() {
        throw new TypeError('no');
      },
    });
    const copy = readableCopy(value) as Record<string, unknown>;
    assert.deepEqual(copy, { a: 1, b: '[unreadable: TypeError: no]' });
    assert.ok(Object.isExtensible(copy));
  });

  it('has a field __proto__ where the original has one', () => {
    const copy = readableCopy(JSON.parse('{"__proto__": {"a": 1}}')) as object;
    assert.deepEqual(Object.keys(copy), ['__proto__']);
    assert.equal(Object.getPrototypeOf(copy), Object.prototype);
  });

  it('is the Error itself, or a copy of its class where that is frozen', () => {
    const error = new RangeError('x');
    assert.equal(readableCopy(error), error);
    const copy = readableCopy(Object.freeze(error)) as RangeError;
    assert.ok(copy instanceof RangeError && Object.isExtensible(copy));
    assert.deepEqual([copy.message, copy.stack], [error.message, error.stack]);
  });

  it('is a copy of an Error of which winston could not read what it reads', () => {
    const error = Object.assign(new RangeError('x', { cause: 'y' }), { code: 5 });
    const { stack } = error;
    const get = (): never => {
      throw new TypeError('no');
    };
    Object.defineProperty(error, 'message', { get });
    const copy = readableCopy(error) as RangeError;
    assert.ok(copy instanceof RangeError);
    assert.deepEqual(
      [copy.message, copy.stack, copy.cause, { ...copy }],
      ['[unreadable: TypeError: no]', stack, 'y', { code: 5 }],
    );
  });

  it('is a text for what cannot be read at all', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    assert.match(String(readableCopy(proxy)), /^\[unreadable: TypeError: .*revoked\]$/);
    assert.equal(readableCopy('text'), 'text');
  });
});
