import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runInNewContext } from 'node:vm';
import { exceptionOf } from './exception.ts';
import type { AnyValue } from './log-record.ts';

const of = (error: Error) => exceptionOf(error, (value) => value as AnyValue);
const blocks = (error: Error) =>
  of(error)
    .stacktrace.replace(/(?:\n {4}at .*)+/g, '')
    .split('\n');

describe('an exception', () => {
  it('has the chain of causes and the members of each, once', () => {
    const inner = new TypeError('inner');
    const both = new AggregateError([inner, 'text'], 'both', { cause: inner });
    assert.deepEqual(blocks(new RangeError('outer', { cause: both })), [
      'RangeError: outer',
      'Caused by: AggregateError: both',
      'errors[0]: TypeError: inner',
      'errors[1]: text',
      'Caused by: TypeError: inner',
    ]);
  });

  it('stops where causes go round, and where they are too many', () => {
    const round = new Error('round');
    round.cause = new Error('back', { cause: round });
    assert.deepEqual(blocks(round), [
      'Error: round',
      'Caused by: Error: back',
      'Caused by: [Circular]',
    ]);
    const many = new AggregateError(
      Array.from({ length: 100 }, (_, i) => new Error(String(i))),
      'many',
    );
    assert.equal(blocks(many).at(-1), '[cut: more errors]');
    assert.ok(blocks(many).length <= 33);
  });

  it('tells a cause that is no Error', () => {
    assert.deepEqual(blocks(new Error('x', { cause: { code: 5 } })), [
      'Error: x',
      'Caused by: {"code":5}',
    ]);
    assert.deepEqual(blocks(new Error('x', { cause: null })), ['Error: x', 'Caused by: null']);
  });

  it('tells what was suppressed', () => {
    const suppressed = Object.assign(new Error('two'), {
      name: 'SuppressedError',
      error: new Error('at the end'),
      suppressed: new Error('before'),
    });
    assert.deepEqual(blocks(suppressed).slice(1), [
      'Caused by: Error: at the end',
      'Suppressed: Error: before',
    ]);
  });

  it('has the class for its type where the name says nothing', () => {
    class OrderError extends Error {}
    assert.equal(of(new OrderError('x')).type, 'OrderError');
    assert.equal(of(Object.assign(new OrderError('x'), { name: 'Named' })).type, 'Named');
    assert.equal(of(runInNewContext("new TypeError('x')")).type, 'TypeError');
    assert.equal(of({ name: '', message: 'x', stack: 'FarError: x\n    at y' }).type, 'FarError');
  });

  it('survives getters that throw, each', () => {
    for (const key of ['name', 'message', 'stack', 'cause', 'constructor', 'errors']) {
      const error = Object.defineProperty(new Error('x'), key, {
        get() {
          throw new TypeError('no');
        },
      });
      const { type, message, stacktrace } = of(error);
      assert.ok(
        [type, message, stacktrace].every((text) => typeof text === 'string'),
        key,
      );
    }
  });
});
