import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cutText, cutValue } from './cut-value.ts';
import { fitAttributes, type Limits } from './limits.ts';
import type { AnyValue } from './log-record.ts';
import { entriesOf, metadataSize, sizeOf } from './loki-size.ts';

const open: Limits = {
  attributeCount: 100,
  attributeValueLength: Number.POSITIVE_INFINITY,
  attributeBytes: 60_000,
  lineBytes: 262_144,
  reserved: new Set(['taken_name']),
};

const fit = (attributes: Record<string, AnyValue>, limits: Partial<Limits> = {}) => {
  const keys = Object.keys(attributes).map((key) => ({ key, encoded: undefined }));
  const fitted = fitAttributes(keys, Object.values(attributes), { ...open, ...limits });
  const entries = fitted.keys.map(({ key }, i): [string, AnyValue] => [key, fitted.values[i]]);
  return { ...fitted, entries };
};

/** Loki's own way, written once more: a map becomes a pair for each leaf, anything else one text. */
function pairsOf(key: string, value: AnyValue): [string, string][] {
  const isMap =
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array);
  if (isMap) {
    return Object.entries(value).flatMap(([inner, leaf]) => pairsOf(`${key}_${inner}`, leaf));
  }
  const name = key.replace(/[^A-Za-z0-9]+/g, '_').replace(/^(?=\d)/, 'key_');
  return [[name, textOf(value)]];
}

function textOf(value: AnyValue): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return typeof value === 'object' ? goJson(value) : String(value);
}

/** As Go's encoder writes it where it is most careful. */
function goJson(value: AnyValue): string {
  return JSON.stringify(value, (_key, one: AnyValue) =>
    one instanceof Uint8Array ? Buffer.from(one).toString('base64') : one,
  ).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const key = fc.string({ minLength: 1, maxLength: 40 }).filter((name) => /[A-Za-z0-9]/.test(name));
const tree = fc.letrec<{ value: AnyValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom('<&>"\\\u0001\u2028'.repeat(20), 'x'.repeat(700), '日'.repeat(200)),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 200 }),
    fc.array(tie('value'), { maxLength: 6 }),
    fc.dictionary(key, tie('value'), { maxKeys: 6, noNullPrototype: true }),
  ),
})).value;

test('whatever is logged becomes no more entries, bytes and equal names than Loki takes', () => {
  const attributes = fc.dictionary(key, tree, { maxKeys: 20, noNullPrototype: true });
  fc.assert(
    fc.property(
      attributes,
      fc.integer({ min: 0, max: 30 }),
      fc.integer({ min: 2_000, max: 6_000 }),
      (given, attributeCount, attributeBytes) => {
        const { entries } = fit(given, { attributeCount, attributeBytes });
        const pairs = entries.flatMap(([name, value]) => pairsOf(name, value));
        const bytes = pairs.reduce((sum, pair) => sum + Buffer.byteLength(pair.join('')), 0);
        assert.ok(bytes <= attributeBytes, `${bytes} of ${attributeBytes}`);
        assert.ok(pairs.length <= attributeCount);
        const names = pairs.map(([name]) => name);
        assert.equal(new Set(names).size, names.length);
        assert.ok(!names.includes('taken_name'));
      },
    ),
    { numRuns: 500 },
  );
});

test('what is counted is never less than what Loki finds', () => {
  fc.assert(
    fc.property(key, tree, (name, value) => {
      const pairs = pairsOf(name, value);
      const bytes = pairs.reduce((sum, pair) => sum + Buffer.byteLength(pair.join('')), 0);
      assert.equal(entriesOf(value), pairs.length);
      assert.ok(metadataSize(name, value) >= bytes);
      assert.ok(sizeOf(value) >= Buffer.byteLength(textOf(value)));
    }),
    { numRuns: 500 },
  );
});

test('attributes within the limits are the very same columns', () => {
  const keys = [{ key: 'a', encoded: undefined }];
  const values = [{ b: 1 }];
  const fitted = fitAttributes(keys, values, open);
  assert.equal(fitted.keys, keys);
  assert.equal(fitted.values, values);
});

test('what tells of the error and the level is not the first to go', () => {
  const many = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`k${i}`, i]));
  const error = {
    'exception.type': 'Error',
    'exception.message': 'm',
    'exception.stacktrace': 's',
  };
  const { entries, dropped } = fit(
    { ...many, ...error, detected_level: 'info' },
    { attributeCount: 6 },
  );
  assert.deepEqual(
    entries.map(([name]) => name),
    ['k0', 'k1', ...Object.keys(error), 'detected_level'],
  );
  assert.deepEqual(dropped, ['k2', 'k3', 'k4', 'k5', 'k6', 'k7', 'k8', 'k9']);
});

test('a cut text keeps its beginning and its end, within so many bytes, and no half character', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', minLength: 50, maxLength: 400 }),
      fc.integer({ min: 0, max: 300 }),
      (text, maxBytes) => {
        const cut = cutText(text, maxBytes);
        assert.ok(Buffer.byteLength(cut) <= maxBytes || cut === text);
        assert.ok(!cut.includes('\ufffd') || text.includes('\ufffd'));
        if (cut !== text && maxBytes >= 120) {
          assert.match(cut, / \.\.\.\[cut: \d+ bytes\]\.\.\. /);
          assert.equal(text.startsWith(cut.split(' ...[cut')[0] ?? '?'), true);
          assert.equal(text.endsWith(cut.split(']... ').at(-1) ?? '?'), true);
        }
      },
    ),
  );
  assert.deepEqual(cutValue(new Uint8Array(100), 40), new Uint8Array(30));
  assert.equal(cutValue(['x'.repeat(100)], 20), '["xxxxxxxxxxxxxxxxxx');
});
