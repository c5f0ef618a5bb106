// Lists, maps, bytes.

import type { Group } from '../case.ts';
import { of } from './of.ts';

const bytes = (...values: number[]) => new Uint8Array(values);

export const collections: Group = {
  title: 'Lists, maps and bytes',
  cases: [
    of('array', "[1, 'two', true]", [1, 'two', true]),
    of('array of objects', "[{ sku: 'a' }, { sku: 'b' }]", [{ sku: 'a' }, { sku: 'b' }]),
    of('array with undefined and null', '[undefined, null, 1]', [null, null, 1]),
    of('array with holes', '[1, , 3]', [1, null, 3]),
    of('long array with holes', 'new Array(100_000)', /^\[null,.*,"\[cut: 90000 more\]"\]$/, {
      'otel_setup.truncated': 'value, values',
    }),
    of('empty array', '[]', []),
    of('Map', "new Map([['a', 1], [2, 'b']])", { 2: 'b', a: 1 }),
    of('Map with objects for keys', "new Map([[{ id: 1 }, 'a'], ['x', 'b']])", [
      [{ id: 1 }, 'a'],
      ['x', 'b'],
    ]),
    of(
      'Map with keys that read the same',
      "new Map([[1, 'number'], ['1', 'text']])",
      {
        1: 'number',
        '1_2': 'text',
      },
      { 'otel_setup.renamed': '1 -> 1_2' },
    ),
    of('empty Map', 'new Map()', {}),
    of('Set', "new Set([1, 'two'])", [1, 'two']),
    of('WeakMap', 'new WeakMap()', '[WeakMap]'),
    of('WeakSet', 'new WeakSet()', '[WeakSet]'),
    of('WeakRef', 'new WeakRef({})', '[WeakRef]'),
    of('Buffer', "Buffer.from('hi')", bytes(104, 105)),
    of('Uint8Array', 'new Uint8Array([0, 255])', bytes(0, 255)),
    of('ArrayBuffer', 'new Uint8Array([1, 2]).buffer', bytes(1, 2)),
    of('SharedArrayBuffer', 'new SharedArrayBuffer(2)', bytes(0, 0)),
    of('DataView', 'new DataView(new ArrayBuffer(4), 1, 2)', bytes(0, 0)),
    of('Float64Array', 'new Float64Array([1.5, -2])', [1.5, -2]),
    of('BigInt64Array', 'new BigInt64Array([1n, 2n ** 60n])', [1, '1152921504606846976']),
    of('Uint8Array of another realm', "vm.runInNewContext('new Uint8Array([1, 2])')", bytes(1, 2)),
    of('arguments', '(function () { return arguments; })(1, 2)', { 0: 1, 1: 2 }),
  ],
};
