import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { AnyValue } from './log-record.ts';
import { Rendering } from './render-value.ts';

const render = (value: unknown): AnyValue => new Rendering().render(value);
const fail = (): never => {
  throw new TypeError('no');
};

// The kinds themselves are in test/values, which docs/values.md is made of.
describe('a rendered value', () => {
  it('is told by what it is, whatever its class says', () => {
    class Liar extends Date {
      override getTime(): number {
        return fail();
      }
      override toISOString(): string {
        return '<b>';
      }
    }
    assert.equal(render(new Liar(0)), '1970-01-01T00:00:00.000Z');
    class Boxed extends String {
      override valueOf(): string {
        return { not: 'a text' } as never;
      }
    }
    assert.equal(render(new Boxed('text')), 'text');
    assert.deepEqual(render({ [Symbol.toStringTag]: 'Headers' }), {});
    assert.deepEqual(render(Object.setPrototypeOf({ a: 1 }, Map.prototype)), { a: 1 });
  });

  it('has the bytes that are there, whatever a subclass says', () => {
    class Long extends Uint8Array {
      override get length(): number {
        return 1_000;
      }
    }
    assert.deepEqual(render(new Long([1, 2])), new Uint8Array([1, 2]));
  });

  it('leaves no promise behind that ends the process', async () => {
    const rejected: unknown[] = [];
    const listen = (error: unknown): void => void rejected.push(error);
    process.on('unhandledRejection', listen);
    const toJSON = (): Promise<never> => Promise.reject(new TypeError('no'));
    assert.deepEqual(render({ a: { toJSON } }), { a: '[Promise]' });
    assert.ok(render([Object.assign(new Error('x'), { toJSON })]));
    await turn();
    process.off('unhandledRejection', listen);
    assert.deepEqual(rejected, []);
  });

  it('never asks twice for toJSON, and never again in what that gives', () => {
    let calls = 0;
    const asked = { toJSON: () => ({ calls: ++calls, toJSON: fail }) };
    assert.deepEqual(render(asked), { calls: 1, toJSON: '[Function fail]' });
  });

  it('leaves iterators and promises as they are', () => {
    const items = [1, 2].values();
    render([items, new Map().entries()]);
    assert.equal(items.next().value, 1);
  });

  it('is known at its second place, but not inside itself', () => {
    const shared = { a: 1 };
    const round: Record<string, unknown> = { shared, again: shared };
    round.inner = [round];
    assert.deepEqual(render(round), {
      shared: { a: 1 },
      again: { a: 1 },
      inner: ['[Circular]'],
    });
  });

  it('keeps both of two keys that become the same', () => {
    const rendering = new Rendering();
    const value = JSON.parse('{"__proto__": 1, "proto": 2}');
    assert.deepEqual(rendering.render(value), { proto: 1, proto_2: 2 });
    assert.deepEqual(rendering.renamed, ['__proto__ -> proto', 'proto -> proto_2']);
  });

  it('has at most 8 levels, and leaves in the last one what has no parts', () => {
    const rendering = new Rendering();
    const deep = [[[[[[[[new Date(0), [1], { a: 1 }]]]]]]]];
    assert.deepEqual(rendering.render(deep), [
      [[[[[[['1970-01-01T00:00:00.000Z', '[cut: Array]', '[cut: Object]']]]]]]],
    ]);
    assert.equal(rendering.cut, 2);
  });
});

describe('a record\u2019s rendering', () => {
  const text = 'x'.repeat(300_000);

  it('is bounded in all, not for each value', () => {
    const rendering = new Rendering();
    const texts = rendering.render(Array.from({ length: 100 }, () => text)) as string[];
    assert.match(texts[0] ?? '', /^x{196608} \.\.\.\[cut: 300000 characters\]\.\.\. x{65536}$/);
    assert.equal(texts[99], '...[cut: 300000 characters]...');
    assert.ok(texts.join('').length < 600_000);
    const bytes = rendering.render(Buffer.alloc(10)) as Uint8Array;
    assert.equal(bytes.length, 0);
    assert.equal(rendering.cut, 101);
  });

  it('visits at most 10,000 values', () => {
    let asked = 0;
    const endless = (): object =>
      new Proxy(
        {},
        {
          ownKeys: () => Array.from({ length: 50 }, (_, i) => `k${i}`),
          getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
          get(_target, key) {
            if (!/^k\d/.test(String(key))) {
              return undefined;
            }
            asked++;
            return endless();
          },
        },
      );
    const rendering = new Rendering();
    rendering.render(endless());
    assert.equal(asked, 10_000);
    assert.ok(rendering.cut > 0);
  });

  // Each takes milliseconds; what is not bounded takes minutes, or all memory.
  let deep: unknown = 1;
  let chain: unknown = new Error('first');
  let tree: unknown = new Error('leaf');
  let wide: object = {};
  for (let i = 0; i < 10_000; i++) {
    deep = { deep };
    chain = new Error('next', { cause: chain });
  }
  for (let i = 0; i < 12; i++) {
    tree = new AggregateError(new Array(8).fill(tree), 'branch');
    wide = Object.fromEntries(Array.from({ length: 20 }, (_, k) => [`k${k}`, wide]));
  }
  const giants: [string, unknown][] = [
    ['a text of 10 MB', 'x'.repeat(10_000_000)],
    ['the same text 10,000 times', new Array(10_000).fill('x'.repeat(10_000_000))],
    ['100,000 keys', Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, i]))],
    ['10,000 keys that meet', Object.fromEntries(manyLongKeys())],
    ['a depth of 10,000', deep],
    ['an array with a thousand million holes', new Array(1e9)],
    ['a chain of 10,000 causes', chain],
    ['8^12 Errors', tree],
    ['20^12 shared objects', wide],
    ['100 MB of bytes', Buffer.alloc(100_000_000)],
    ['a Set of a million', new Set(Array.from({ length: 1_000_000 }, (_, i) => i))],
  ];
  for (const [name, giant] of giants) {
    it(`does not take long for ${name}`, () => {
      const before = performance.now();
      render(giant);
      assert.ok(performance.now() - before < 2_000);
    });
  }
});

function* manyLongKeys(): Generator<[string, number]> {
  for (let i = 0; i < 10_000; i++) {
    yield [`${'k'.repeat(300)}${i}`, i];
  }
}
