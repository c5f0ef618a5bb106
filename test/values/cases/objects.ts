// Objects, friendly and hostile.

import type { Expected, Group } from '../case.ts';
import { of } from './of.ts';

const nested = (depth: number, inner: Expected): Expected =>
  depth === 0 ? inner : { a: nested(depth - 1, inner) };

export const objects: Group = {
  title: 'Objects',
  cases: [
    of('nested object', "{ id: 7, address: { city: 'Köln' }, tags: ['a'] }", {
      id: 7,
      address: { city: 'Köln' },
      tags: ['a'],
    }),
    of('empty object', '{}', {}),
    {
      name: 'class instance',
      code: `class Order { id = 7; #secret = 1; get total() { return 2; } }
logger.info('m', { value: new Order() })`,
      fields: { value: { id: 7 } },
    },
    {
      name: 'class instance that shows no fields',
      code: `class Session { #id = 7; }
logger.info('m', { value: new Session() })`,
      fields: { value: '[Session]' },
    },
    of('object with toJSON', '{ id: 7, toJSON: () => ({ shown: true }) }', { shown: true }),
    of('toJSON that gives a text', "{ toJSON: () => 'order 7' }", 'order 7'),
    of('toJSON that gives the object itself', '{ id: 7, toJSON() { return this; } }', {
      id: 7,
      toJSON: '[Function toJSON]',
    }),
    of(
      'toJSON without end',
      '{ toJSON() { return { next: { ...this } }; } }',
      (value) => JSON.stringify(value).endsWith(`{"next":"[cut: Object]"}${'}'.repeat(7)}`),
      { 'otel_setup.truncated': 'values' },
    ),
    of(
      'toJSON that throws',
      "{ toJSON() { throw new TypeError('no'); } }",
      '[unreadable: TypeError: no]',
    ),
    of('object without a prototype', 'Object.assign(Object.create(null), { a: 1 })', { a: 1 }),
    of('frozen object', 'Object.freeze({ a: 1 })', { a: 1 }),
    { name: 'frozen fields', code: "logger.info('m', Object.freeze({ a: 1 }))", fields: { a: 1 } },
    {
      name: 'frozen record',
      code: "logger.info(Object.freeze({ message: 'm', a: 1 }))",
      fields: { a: 1 },
    },
    of('getter', '{ get total() { return 2; } }', { total: 2 }),
    of('getter that throws', "{ get total() { throw new TypeError('no'); }, id: 7 }", {
      total: '[unreadable: TypeError: no]',
      id: 7,
    }),
    {
      name: 'getter that throws among the fields',
      code: "logger.info('m', { get total() { throw new TypeError('no'); }, id: 7 })",
      fields: { total: '[unreadable: TypeError: no]', id: 7 },
    },
    of('Proxy', 'new Proxy({ a: 1 }, {})', { a: 1 }),
    of('Proxy of a Map', "new Proxy(new Map([['a', 1]]), {})", '[Map]'),
    of(
      'Proxy that throws',
      "new Proxy({}, { ownKeys() { throw new TypeError('no'); } })",
      '[unreadable: TypeError: no]',
    ),
    of('revoked Proxy', 'revoked', /^\[unreadable: TypeError: .* revoked\]$/),
    {
      name: 'revoked Proxy for the fields',
      code: "logger.info('m', revoked)",
      fields: { 'winston.splat': [/^\[unreadable: TypeError: .* revoked\]$/] },
    },
    {
      name: 'cycle',
      code: `const order = { id: 7 };
order.self = order;
logger.info('m', { value: order })`,
      fields: { value: { id: 7, self: '[Circular]' } },
    },
    {
      name: 'the same object twice',
      code: `const user = { id: 7 };
logger.info('m', { from: user, to: user })`,
      fields: { from: { id: 7 }, to: { id: 7 } },
    },
    of('symbol for a key', "{ [Symbol('hidden')]: 1, a: 1 }", { a: 1 }),
    of(
      'key __proto__',
      `JSON.parse('{ "__proto__": { "admin": true } }')`,
      { proto: { admin: true } },
      {
        'otel_setup.renamed': '__proto__ -> proto',
      },
    ),
    {
      name: 'key __proto__ among the fields',
      code: `logger.info('m', JSON.parse('{ "__proto__": { "admin": true }, "a": 1 }'))`,
      fields: { a: 1, proto: { admin: true }, 'otel_setup.renamed': '__proto__ -> proto' },
    },
    {
      name: 'deeper than 8',
      code: `const deep = { a: { a: { a: { a: { a: { a: { a: { a: { a: 1 } } } } } } } } };
logger.info('m', { deep })`,
      fields: {
        deep: nested(8, '[cut: Object]'),
        'otel_setup.truncated': 'values',
      },
    },
    {
      name: 'wider than 128 entries',
      code: `const wide = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [\`k\${i}\`, i]));
logger.info('m', { wide })`,
      fields: {
        wide: JSON.stringify(
          Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`k${i}`, i])),
        ),
        'otel_setup.truncated': 'wide',
      },
    },
    {
      name: 'longer than 64 KB',
      code: "logger.info('m', { text: 'x'.repeat(100_000) })",
      fields: {
        text: /^x+ \.\.\.\[cut: 100000 bytes\]\.\.\. x+$/,
        'otel_setup.truncated': 'text',
      },
    },
    of(
      'key without letters',
      "{ '': 1, '---': 2, 日本: 3 }",
      { key_empty: 1, key_2d2d2d: 2, key_e697a5e69cac: 3 },
      {
        'otel_setup.renamed': ' -> key_empty, --- -> key_2d2d2d, 日本 -> key_e697a5e69cac',
      },
    ),
    {
      name: 'keys that Loki takes for one',
      code: "logger.info('m', { 'user.id': 1, user_id: 2, user: { id: 3 } })",
      fields: {
        'user.id': 1,
        user_id_2: 2,
        user: { id_3: 3 },
        'otel_setup.renamed': 'user_id -> user_id_2, user_id -> user_id_3',
      },
    },
  ],
};
