// Values that have no parts.

import type { Group } from '../case.ts';
import { of } from './of.ts';

export const plain: Group = {
  title: 'Texts, numbers and other plain values',
  cases: [
    of('text', "'hello'", 'hello'),
    of('empty text', "''", ''),
    of('text beyond ASCII', "'Köln 🦊'", 'Köln 🦊'),
    of('control characters', "'a\\r\\n\\u0000\\u001b[31mb'", 'a\r\n\u0000\u001b[31mb'),
    of('half a surrogate pair', "'a\\ud800b'", 'a\ufffdb'),
    of('whole number', '42', 42),
    of('negative number', '-7', -7),
    of('fraction', '1.5', 1.5),
    of('largest safe integer', 'Number.MAX_SAFE_INTEGER', 9_007_199_254_740_991),
    of('integer beyond 2^53', '2 ** 60', 2n ** 60n),
    of('number beyond 2^63', '1e300', 1e300),
    of('NaN', 'Number.NaN', Number.NaN),
    of('NaN in a list', '[1, Number.NaN]', [1, 'NaN']),
    of('NaN in an object', '{ a: Number.NaN }', { a: 'NaN' }),
    of('infinity', 'Infinity', Number.POSITIVE_INFINITY),
    of('minus infinity', '-Infinity', Number.NEGATIVE_INFINITY),
    of('minus zero', '-0', -0),
    of('true', 'true', true),
    of('false', 'false', false),
    of('null', 'null', null),
    { name: 'undefined', code: "logger.info('m', { value: undefined })" },
    of('small BigInt', '42n', 42),
    of('large BigInt', '2n ** 70n', '1180591620717411303424'),
    of('symbol', "Symbol('blue')", 'Symbol(blue)'),
    of('function', 'function placeOrder() {}', '[Function placeOrder]'),
    of('function without a name', '(() => () => {})()', '[Function anonymous]'),
    of('class', 'class Order {}', '[Function Order]'),
    of('Date', "new Date('2026-01-02T03:04:05.678Z')", '2026-01-02T03:04:05.678Z'),
    of('invalid Date', "new Date('never')", 'Invalid Date'),
    of('boxed text', "new String('hello')", 'hello'),
    of('boxed number', 'Object(5)', 5),
    of('boxed BigInt', 'Object(5n)', 5),
    of('boxed symbol', "Object(Symbol('blue'))", 'Symbol(blue)'),
    of('regular expression', '/a+/gi', '/a+/gi'),
  ],
};
