import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Info } from '../record/info.ts';
import { fieldsOf, openLogContext, stampFields, withLogContext } from './log-context.ts';
import { createReadShared } from './shared-fields.ts';

const activeFields = () => fieldsOf(undefined, openLogContext());

const noFields = undefined as unknown as Record<string, unknown>;

describe('withLogContext', () => {
  it('gives what the function gives, at once or later', async () => {
    assert.equal(
      withLogContext({}, () => 42),
      42,
    );
    assert.equal(await withLogContext({}, async () => delay(1, 42)), 42);
  });

  it('passes on what the function throws', () => {
    const fail = () => {
      throw new RangeError('mine');
    };
    assert.throws(() => withLogContext({ a: 1 }, fail), RangeError);
    assert.equal(activeFields(), undefined);
  });

  it('lays inner fields over outer ones, and undefined takes one away', () => {
    withLogContext({ a: 1, b: 2, c: 3 }, () => {
      withLogContext({ b: 'two', c: undefined }, () => {
        assert.deepEqual(activeFields(), { a: 1, b: 'two', c: undefined });
      });
      assert.deepEqual(activeFields(), { a: 1, b: 2, c: 3 });
    });
  });

  it('follows promises, timers and immediates of hundreds of requests at once', async () => {
    const wrong: unknown[] = [];
    const check = (id: number) => {
      if (activeFields()?.id !== id) wrong.push(id);
    };
    const request = (id: number) =>
      withLogContext({ id }, async () => {
        await delay(id % 3);
        check(id);
        await new Promise<void>((resolve) =>
          setImmediate(() => process.nextTick(() => queueMicrotask(() => resolve(check(id))))),
        );
        await withLogContext({ id: -id }, async () => {
          await null;
          check(-id);
        });
        check(id);
      });
    await Promise.all(Array.from({ length: 300 }, (_, id) => request(id)));
    assert.deepEqual(wrong, []);
  });

  it('copies the fields when it is called', () => {
    const fields = { a: 1 };
    withLogContext(fields, () => {
      fields.a = 2;
      assert.deepEqual(activeFields(), { a: 1 });
    });
  });

  it('takes fields that cannot be read for what can be read of them', () => {
    const thrower = {
      good: 1,
      get bad() {
        throw new Error('no');
      },
    };
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    withLogContext({ outer: 1 }, () => {
      withLogContext(thrower, () => {
        assert.deepEqual(activeFields(), { outer: 1, good: 1, bad: '[unreadable: Error: no]' });
      });
      withLogContext(proxy, () => assert.equal(activeFields()?.outer, 1));
    });
  });

  it('runs the function without fields that are no object, and warns once', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on('warning', note);
    const given = [noFields, null, 'text', 5, ['a']] as Record<string, unknown>[];
    const results = withLogContext({ kept: true }, () =>
      given.map((fields) => withLogContext(fields, () => activeFields())),
    );
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', note);
    assert.deepEqual(
      results,
      given.map(() => ({ kept: true })),
    );
    assert.deepEqual(
      warnings.map((warning) => [(warning as { code?: string }).code, warning.message]),
      [
        [
          'OTEL_SETUP_LOG_CONTEXT',
          'withLogContext(fields, fn): fields must be an object, got undefined; fn runs without them.',
        ],
      ],
    );
  });

  it('says what is wrong where there is no function to run', () => {
    assert.throws(() => withLogContext({}, 'no' as never), {
      name: 'TypeError',
      message: 'withLogContext(fields, fn): fn must be a function, got string.',
    });
  });
});

describe('the fields of an info', () => {
  const info = () => ({}) as Info;

  it('are those of its call, also where a transport comes to it within another', () => {
    const inside = info();
    const outside = info();
    const context = openLogContext();
    withLogContext({ id: 1 }, () => stampFields(inside, context));
    stampFields(outside, context);
    withLogContext({ id: 2 }, () => {
      assert.deepEqual(fieldsOf(inside, context), { id: 1 });
      assert.equal(fieldsOf(outside, context), undefined);
      assert.deepEqual(fieldsOf(info(), context), { id: 2 });
    });
  });

  it('are laid over the baggage that is let in, of which nothing else comes', () => {
    const entries: Record<string, { value: string }> = {
      'tenant.id': { value: 't1' },
      id: { value: 'theirs' },
      secret: { value: 'x' },
    };
    const key = Symbol.for('OpenTelemetry Baggage Key');
    const context = {
      getValue: (asked: symbol) =>
        asked === key ? { getEntry: (name: string) => entries[name] } : undefined,
    };
    const read = createReadShared(['tenant.id', 'id', 'absent']);
    withLogContext({ id: 'ours' }, () => {
      assert.deepEqual(read(undefined, context), { 'tenant.id': 't1', id: 'ours' });
      assert.deepEqual(read(undefined, undefined), { id: 'ours' });
      const broken = { getValue: () => assert.fail() };
      assert.deepEqual(read(info(), broken), { id: 'ours' });
      assert.deepEqual(createReadShared([])(info(), context), { id: 'ours' });
    });
    assert.deepEqual(read(info(), context), { 'tenant.id': 't1', id: 'theirs' });
  });
});
