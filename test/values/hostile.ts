// Any value whatever, for property tests: friendly ones of every kind, and those that have broken a logger before.

import fc from 'fast-check';

const fail = (): never => {
  throw new TypeError('no');
};

class Order {
  id = 7;
  #secret = 1;
  get total(): number {
    return this.#secret;
  }
}

class Empty {
  readonly #secret = 1;
  get total(): number {
    return this.#secret;
  }
}

class LyingMap extends Map<unknown, unknown> {
  override entries(): never {
    return fail();
  }
  override get size(): number {
    return Number.NaN;
  }
}

class LyingBytes extends Uint8Array {
  override get length(): number {
    return 1e9;
  }
}

class LyingDate extends Date {
  override toISOString(): never {
    return fail();
  }
  override valueOf(): never {
    return fail();
  }
}

function cyclic(): object {
  const order: Record<string, unknown> = { id: 7 };
  order.self = { order };
  return order;
}

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function deep(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) {
    value = i % 2 === 0 ? { value } : [value];
  }
  return value;
}

function failure(): Error {
  const cause = new TypeError('inner');
  return Object.assign(new RangeError('outer', { cause }), { code: 'E1' });
}

/** Each makes a new value at each call: logging may change it. */
const makers: readonly (() => unknown)[] = [
  () => new Order(),
  () => new Empty(),
  () => new LyingMap([['a', 1]]),
  () => new LyingBytes([1, 2]),
  () => new LyingDate(0),
  cyclic,
  () => revoked({}),
  () => revoked([]),
  () => revoked(() => 1),
  () => new Proxy({}, { ownKeys: fail }),
  () => new Proxy({ a: 1 }, { get: fail }),
  () => new Proxy({ a: 1 }, { getPrototypeOf: fail }),
  () => new Proxy([1, 2], {}),
  () => new Proxy([1], { get: (target, key) => (key === 'length' ? 3 : Reflect.get(target, key)) }),
  () => new Proxy(new Map([['a', 1]]), {}),
  () => ({
    get bad() {
      return fail();
    },
    good: 1,
  }),
  () => ({ toJSON: fail }),
  () => ({ toJSON: () => ({ toJSON: fail, a: 1 }) }),
  () => ({ toJSON: () => undefined }),
  () => ({ toJSON: 'not a function' }),
  () => ({
    toJSON() {
      return this;
    },
    a: 1,
  }),
  () => ({
    toJSON() {
      return { next: { ...this } };
    },
  }),
  () => ({ [Symbol.toPrimitive]: fail, toString: fail, valueOf: fail, a: 1 }),
  () => ({
    get message() {
      return fail();
    },
  }),
  () => ({ message: 'm', level: 'high', stack: 'no stack' }),
  () => Object.freeze({ a: 1, message: 'frozen' }),
  () => Object.freeze(new Error('frozen')),
  () => Object.assign(Object.create(null), { a: { b: 1 } }),
  () => Object.create({ inherited: 1 }),
  () => JSON.parse('{"__proto__": {"polluted": true}, "proto": 1, "constructor": 2}'),
  () => ({ '': 1, '---': 2, 日本: 3, 'a.b': 4, a_b: 5 }),
  () => ({ 'a\ud800': 1, 'a\ud801': 2 }),
  () => ({ [`${'-'.repeat(300)}a`]: 1 }),
  () =>
    new Map<unknown, unknown>([
      [{}, 1],
      [fail, 2],
    ]),
  () =>
    new Map<unknown, unknown>([
      [1, 'a'],
      ['1', 'b'],
      [Symbol('1'), 'c'],
    ]),
  failure,
  () => [failure(), { err: failure() }],
  () => new AggregateError([failure(), 'text'], 'many'),
  () => Object.defineProperty(new Error('m'), 'stack', { get: fail }),
  () => Object.defineProperty(new Error('m'), 'message', { get: fail }),
  () => Object.defineProperty(new Error('m'), 'cause', { get: fail }),
  () => Object.defineProperty(new Error('m'), 'constructor', { get: fail }),
  () => Object.assign(new Error('m'), { toJSON: fail }),
  () => Symbol('s'),
  () => fail,
  () => class Shop {},
  () => 2n ** 80n,
  () => new Date(Number.NaN),
  () => '\ud800 lone \udfff',
  () => new WeakMap(),
  () => Promise.resolve(1),
  () =>
    (function* () {
      yield fail();
    })(),
  () => new URL('https://shop.example/?a=b'),
  () => /a+/g,
  () => new DataView(new ArrayBuffer(4)),
  () => new BigInt64Array([1n]),
  () => new Float32Array([0.5, Number.NaN]),
];

/** Beyond a limit, each: slower, and told by marks. */
const giants: readonly (() => unknown)[] = [
  () => 'x'.repeat(300_000),
  () => 'ü'.repeat(300_000),
  () => ({ text: '<"\n'.repeat(100_000) }),
  () => deep(10_000),
  () => Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`key ${i}`, i])),
  () => Array.from({ length: 50_000 }, (_, i) => i),
  () => new Array(1e9),
  () => Buffer.alloc(400_000),
  () => Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`k${'-'.repeat(i)}`, i])),
  () => Object.assign(new Error('x'.repeat(300_000)), { detail: 'y'.repeat(300_000) }),
];

const friendly = fc.anything({
  key: fc.string({ unit: 'binary', maxLength: 8 }),
  maxDepth: 3,
  maxKeys: 5,
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
});

/** How to make a value: the property tests themselves must not touch it. */
type Recipe = () => unknown;

const known = friendly.map(
  (value): Recipe =>
    () =>
      value,
);
const odd = fc.constantFrom(...makers);
const part = fc.oneof(known, odd);

/** A friendly value, an odd one, or one of either kind inside the other. */
export const anyValue: fc.Arbitrary<Recipe> = fc.oneof(
  known,
  odd,
  fc.array(part, { maxLength: 4 }).map((parts) => () => parts.map((make) => make())),
  fc
    .dictionary(fc.string({ maxLength: 6 }), part, { maxKeys: 4 })
    .map(
      (parts) => () =>
        Object.fromEntries(Object.entries(parts).map(([key, make]) => [key, make()])),
    ),
  fc.tuple(part, part).map(
    ([key, value]) =>
      () =>
        new Map([[key(), value()]]),
  ),
  fc.tuple(part, part).map((items) => () => new Set(items.map((make) => make()))),
);

export const anyGiant: fc.Arbitrary<Recipe> = fc.constantFrom(...giants);
