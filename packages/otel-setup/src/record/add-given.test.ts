import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { givenSymbol, type Info, levelSymbol, splatSymbol } from './info.ts';
import type { LogRecord } from './log-record.ts';
import { limitsFor } from './resource.ts';
import { createTimestamps } from './timestamps.ts';
import { createToRecord } from './to-record.ts';

const toRecord = createToRecord({
  timestamps: createTimestamps(() => 1_700_000_000_000),
  limits: limitsFor([], { attributeCount: 128, attributeValueLength: Number.POSITIVE_INFINITY }),
  changed: () => undefined,
});

/** `fields` as formats have left them, `left` what is still in winston's list of arguments. */
function record(given: readonly unknown[], fields: object, left: readonly unknown[]): LogRecord {
  const info = {
    level: 'info',
    ...fields,
    [levelSymbol]: 'info',
    [splatSymbol]: left,
    [givenSymbol]: given,
  };
  return toRecord(info as unknown as Info, { info: 0 }, undefined);
}

const attributes = (...of: Parameters<typeof record>) => record(...of).attributes;

const secret = { ssn: '078-05-1120', pin: '9999', a: 1 };

describe('an object that splat() has laid over the record', () => {
  it('stays as later formats have left it, behind a text with tokens', () => {
    const masked = { message: 'Ann came', ssn: '***', a: 1 };
    assert.deepEqual(attributes(['%s came', 'Ann', secret], masked, ['Ann']), { ssn: '***', a: 1 });
  });

  it('stays so behind a text and another object', () => {
    const masked = { message: 'm', b: 2, ssn: '***', a: 1 };
    assert.deepEqual(attributes(['m', { b: 2 }, secret], masked, []), { b: 2, ssn: '***', a: 1 });
  });

  it('is not told again where metadata() has moved it', () => {
    const moved = { message: 'Ann came', metadata: { a: 1 } };
    assert.deepEqual(attributes(['%s came', 'Ann', { a: 1 }], moved, ['Ann']), {
      metadata: { a: 1 },
    });
  });

  it('keeps a level and a message that the record has no room for', () => {
    const meta = { level: 'high', message: 'more', a: 1 };
    const laid = { message: 'Ann came', a: 1 };
    assert.deepEqual(attributes(['%s came', 'Ann', meta], laid, ['Ann']), {
      'meta.level': 'high',
      'meta.message': 'more',
      a: 1,
    });
  });
});

describe('an argument of a text with tokens', () => {
  it('is told where a format has put something before the text, and nobody has filled it in', () => {
    const labelled = { message: '[shop] n=%s', a: 1 };
    assert.deepEqual(attributes(['n=%s', 5, { a: 1 }], labelled, [5, { a: 1 }]), {
      a: 1,
      'winston.splat': [5],
    });
  });

  it('is not told again where it stands in the text behind a label', () => {
    const labelled = { message: '[shop] n=5', a: 1 };
    assert.deepEqual(attributes(['n=%s', 5, { a: 1 }], labelled, [5]), { a: 1 });
  });
});

describe('an argument that throws when it is asked', () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const get = (): never => {
    throw new TypeError('no');
  };
  const throwing = [
    proxy,
    new Proxy({}, { ownKeys: get }),
    new Proxy({}, { getOwnPropertyDescriptor: get }),
    new Proxy({}, { getPrototypeOf: get }),
  ];
  for (const [i, value] of throwing.entries()) {
    it(`costs neither the message nor its neighbours: ${i}`, () => {
      const more = [value, { a: 1 }];
      const told = attributes(['m', 'x', ...more], { message: 'm' }, ['x', ...more]);
      assert.deepEqual(Object.keys(told), ['a', 'winston.splat']);
      assert.equal(record(['m %s', value], { message: 'm x' }, [value]).body, 'm x');
      assert.deepEqual(attributes(['m', value], { message: 'm', b: 2 }, [value]), { b: 2 });
    });
  }
});

it('an instance with toJSON is told by it, without what a format has masked or left out', () => {
  class User {
    ssn = '078-05-1120';
    pin = '9999';
    id = 7;
    hash = 'x';
    toJSON() {
      return { ssn: this.ssn, pin: this.pin, id: this.id };
    }
  }
  const user = new User();
  const masked = { message: 'm', ssn: '***', id: 7, hash: 'x' };
  const told = (fields: object) => attributes(['m', user], fields, [user]);
  assert.deepEqual(told(masked), { 'winston.splat': [{ ssn: '***', id: 7 }] });
  assert.deepEqual(told({ message: 'm', ...user }), { 'winston.splat': [user.toJSON()] });
});

describe('an object that only the splat() of another transport has taken', () => {
  it('has its fields in the record, behind a text with tokens', () => {
    assert.deepEqual(attributes(['%s came', 'Ann', { a: 1 }], { message: '%s came' }, ['Ann']), {
      a: 1,
      'winston.splat': ['Ann'],
    });
  });

  it('has its fields in the record, behind a text and another object', () => {
    const unlaid = { message: 'm', b: 2 };
    assert.deepEqual(attributes(['m', { b: 2 }, { b: 2, a: 1 }], unlaid, []), { b: 2, a: 1 });
  });
});
