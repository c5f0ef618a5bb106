import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { renamedKey, truncatedKey } from './fit-record.ts';
import { givenSymbol, type Info, levelSymbol, splatSymbol } from './info.ts';
import type { Limits } from './limits.ts';
import type { LogRecord, SpanIds } from './log-record.ts';
import { createTimestamps } from './timestamps.ts';
import { createToRecord } from './to-record.ts';

const levels = { error: 0, warn: 1, info: 2, http: 3, verbose: 4, debug: 5, silly: 6 };
const limits: Limits = {
  attributeCount: 100,
  attributeValueLength: Number.POSITIVE_INFINITY,
  attributeBytes: 60_000,
  lineBytes: 262_144,
  reserved: new Set(['service_version', 'trace_id']),
};
const span: SpanIds = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceFlags: 1,
};

function record(
  fields: object,
  more: { span?: SpanIds; limits?: Partial<Limits>; level?: string } = {},
): LogRecord {
  const level = more.level ?? 'info';
  const changes: string[] = [];
  const toRecord = createToRecord({
    timestamps: createTimestamps(() => 1_700_000_000_000),
    limits: { ...limits, ...more.limits },
    changed: (change) => changes.push(change),
  });
  const info = fields instanceof Error ? Object.assign(fields, { level }) : { level, ...fields };
  Object.assign(info, { [levelSymbol]: level });
  return toRecord(info as unknown as Info, levels, more.span);
}

describe('a record of winston info', () => {
  it('has the message as body and the other fields as attributes', () => {
    const { body, attributes, severityNumber, severityText } = record({
      message: 'hello',
      a: 1,
      b: 'x',
      c: true,
    });
    assert.deepEqual(
      { body, attributes, severityNumber, severityText },
      {
        body: 'hello',
        attributes: { a: 1, b: 'x', c: true },
        severityNumber: 9,
        severityText: 'info',
      },
    );
  });

  it('keeps the level name beside a severity text that Loki knows', () => {
    const { severityNumber, severityText, attributes } = record(
      { message: 'm' },
      { level: 'http' },
    );
    assert.deepEqual(
      [severityNumber, severityText, attributes],
      [7, 'debug', { 'winston.level': 'http' }],
    );
  });

  const values: [string, unknown, unknown][] = [
    ['a Date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['an invalid Date', new Date(Number.NaN), 'Invalid Date'],
    ['a small bigint', 42n, 42],
    ['a large bigint', 2n ** 70n, '1180591620717411303424'],
    [
      'a Map',
      new Map<unknown, unknown>([
        ['k', 1],
        [2, 'v'],
      ]),
      { k: 1, 2: 'v' },
    ],
    ['a Set', new Set([1, 2]), [1, 2]],
    ['a URL', new URL('http://a.example/b'), 'http://a.example/b'],
    ['a RegExp', /a+/g, '/a+/g'],
    ['a symbol', Symbol('s'), 'Symbol(s)'],
    [
      'a function',
      function named() {
        return 1;
      },
      '[Function named]',
    ],
    ['null', null, null],
    ['a typed array', new Float32Array([1, 2]), [1, 2]],
    [
      'a class instance',
      new (class Point {
        x = 1;
      })(),
      { x: 1 },
    ],
    ['an object with toJSON', { toJSON: () => ({ shown: true }) }, { shown: true }],
    ['a null-prototype object', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ['an array with a hole', Object.assign([1], { 2: 3 }), [1, null, 3]],
    ['a boxed number', Object(5), 5],
    [
      'a throwing getter',
      {
        get bad() {
          throw new Error('no');
        },
      },
      { bad: '[unreadable: Error: no]' },
    ],
  ];
  for (const [name, value, expected] of values) {
    it(`renders ${name}`, () => {
      assert.deepEqual(record({ message: 'm', value }).attributes, { value: expected });
    });
  }

  it('marks a cycle, a depth and a width beyond the limits', () => {
    const cyclic: Record<string, unknown> = { a: 1 };
    cyclic.self = cyclic;
    assert.deepEqual(record({ message: 'm', cyclic }).attributes, {
      cyclic: { a: 1, self: '[Circular]' },
    });
    let deep: unknown = 1;
    for (let i = 0; i < 10_000; i++) {
      deep = { deep };
    }
    assert.match(
      JSON.stringify(record({ message: 'm', deep }).attributes),
      /\[cut: Object\].*truncated/,
    );
    const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, i]));
    const { attributes } = record({ message: 'm', wide });
    assert.ok(Buffer.byteLength(String(attributes.wide)) < 64_000);
    assert.match(String(attributes[truncatedKey]), /values/);
  });

  it('survives a revoked proxy and a getter that throws', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    assert.match(String(record({ message: 'm', proxy }).attributes.proxy), /unreadable/);
    const info = {
      get x() {
        throw new Error('getter');
      },
      message: 'm',
      [levelSymbol]: 'info',
    };
    const toRecord = createToRecord({
      timestamps: createTimestamps(Date.now),
      limits,
      changed: () => undefined,
    });
    assert.equal(
      toRecord(info as unknown as Info, levels, undefined).attributes.x,
      '[unreadable: Error: getter]',
    );
  });

  it('keeps the message beside anything in the place of what winston tells of the process', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const process of [null, proxy]) {
      assert.equal(record({ message: 'm', exception: true, process }).body, 'm');
    }
  });

  it('keeps the message where the level is no text', () => {
    const { body, attributes } = record({ message: 'm' }, { level: 20 as never });
    assert.deepEqual([body, attributes], ['m', { 'winston.level': '20' }]);
  });

  it('renames keys that Loki refuses and keys that name the record\u2019s own fields', () => {
    const { attributes } = record(
      { message: 'm', 日本: 1, severity_text: 'x', trace_id: 'mine' },
      { span },
    );
    assert.deepEqual(attributes, {
      key_e697a5e69cac: 1,
      'meta.severity_text': 'x',
      'meta.trace_id': 'mine',
      [renamedKey]:
        '日本 -> key_e697a5e69cac, severity_text -> meta.severity_text, trace_id -> meta.trace_id',
    });
    assert.deepEqual(record({ message: 'm', value: { '': 1, '---': 2 } }).attributes, {
      value: { key_empty: 1, key_2d2d2d: 2 },
      [renamedKey]: ' -> key_empty, --- -> key_2d2d2d',
    });
  });

  it('leaves out the ids that instrumentation-winston adds, because the record has fields for them', () => {
    const ids = { trace_id: span.traceId, span_id: span.spanId, trace_flags: '01' };
    const made = record({ message: 'm', ...ids }, { span });
    assert.deepEqual([made.attributes, made.spanContext], [{}, span]);
  });

  it('tells Loki its level where an attribute would hide it', () => {
    assert.deepEqual(record({ message: 'm', severity: 'high' }).attributes, {
      severity: 'high',
      detected_level: 'info',
    });
  });

  it('gives keys that meet in Loki different names', () => {
    const { attributes } = record({ message: 'm', 'user.id': 1, user_id: 2 });
    assert.deepEqual(attributes, {
      'user.id': 1,
      user_id_2: 2,
      [renamedKey]: 'user_id -> user_id_2',
    });
  });

  it('sees that keys meet where a record was made between them, with one of them', () => {
    const toRecord = createToRecord({
      timestamps: createTimestamps(() => 1_700_000_000_000),
      limits,
      changed: () => undefined,
    });
    const make = (info: Info) => toRecord(info, levels, undefined);
    const own = { [levelSymbol]: 'info', level: 'info', message: 'm' };
    // Without a spread: behind one, V8 puts getters last.
    const info: Info = {
      [levelSymbol]: 'info',
      message: 'm',
      'user.id': 1,
      get logs() {
        make({ ...own, user_id: 3 });
        return 'logged';
      },
      user_id: 2,
    };
    assert.deepEqual(make(info).attributes, {
      'user.id': 1,
      logs: 'logged',
      user_id_2: 2,
      [renamedKey]: 'user_id -> user_id_2',
    });
    assert.deepEqual(make({ ...own, user_id: 4 }).attributes, { user_id: 4 });
  });

  it('gives leaves of maps that meet another name a different one', () => {
    const user = { id: 2, name: 'x', n: { a: 1 } };
    const { attributes } = record({ message: 'm', 'user.id': 1, user, user_n_a: 3 });
    assert.deepEqual(attributes, {
      'user.id': 1,
      user: { id_2: 2, name: 'x', n: { a: 1 } },
      user_n_a_2: 3,
      [renamedKey]: 'user_id -> user_id_2, user_n_a -> user_n_a_2',
    });
  });

  it('leaves names alone to what the resource and the record itself show in Loki', () => {
    const { attributes } = record({ message: 'm', 'service.version': 'x', trace: { id: 'mine' } });
    assert.deepEqual(attributes, {
      'service.version_2': 'x',
      trace: { id_2: 'mine' },
      [renamedKey]: 'service.version -> service.version_2, trace_id -> trace_id_2',
    });
  });

  it('tells Loki its level where a leaf of a map would hide it', () => {
    assert.deepEqual(record({ message: 'm', log: { level: 'high' } }).attributes, {
      log: { level: 'high' },
      detected_level: 'info',
    });
  });

  it('moves event.name to the field of its own', () => {
    const made = record({ message: 'm', 'event.name': 'order.placed' });
    assert.deepEqual([made.eventName, made.attributes], ['order.placed', {}]);
  });
});

describe('an Error in a record', () => {
  const cause = new TypeError('inner');
  const error = Object.assign(new RangeError('outer', { cause }), { code: 'E1' });

  const places: [string, object, string][] = [
    [
      'as the info itself',
      Object.assign(new RangeError('outer', { cause }), { code: 'E1' }),
      'outer',
    ],
    ['as the message', { message: error }, 'outer'],
    [
      'as metadata',
      { ...error, message: 'x outer', stack: error.stack, cause, [splatSymbol]: [error] },
      'x outer',
    ],
    ['in a field', { message: 'x', problem: error }, 'x'],
  ];
  for (const [name, info, body] of places) {
    it(`is told in exception.* when it stands ${name}`, () => {
      const made = record(info);
      assert.equal(made.body, body);
      assert.equal(made.attributes['exception.type'], 'RangeError');
      assert.equal(made.attributes['exception.message'], 'outer');
      const stack = String(made.attributes['exception.stacktrace']);
      assert.match(stack, /^RangeError: outer\n {4}at [\s\S]*Caused by: TypeError: inner\n {4}at /);
      assert.ok(!('stack' in made.attributes) && !('cause' in made.attributes));
      assert.match(JSON.stringify(made.attributes), /"code":"E1"/);
    });
  }

  it('is the Error, not its cause, when a child logger has copied it into a plain object', () => {
    const error = new RangeError('outer', { cause: new TypeError('inner') });
    const { stack, cause } = error;
    const { attributes } = record({ requestId: 'r1', message: 'outer', stack, cause });
    assert.deepEqual(Object.keys(attributes), [
      'requestId',
      'exception.type',
      'exception.message',
      'exception.stacktrace',
    ]);
    assert.equal(attributes['exception.type'], 'RangeError');
    assert.equal(attributes['exception.message'], 'outer');
    assert.match(
      String(attributes['exception.stacktrace']),
      /^RangeError: outer\n {4}at [\s\S]*\nCaused by: TypeError: inner\n {4}at /,
    );
    const beside = record({ message: 'outer', stack, cause, other: new Error('third') }).attributes;
    assert.equal(beside['exception.message'], 'third');
    assert.equal((beside.cause as { message: string }).message, 'inner');
  });

  it('keeps a level of its own, which is not one that winston has written into it', () => {
    const libxml = () => Object.assign(new Error('no root'), { level: 3 });
    const field = record({ message: 'm', err: libxml() }).attributes;
    assert.deepEqual(field.err, { level: 3 });
    const error = libxml();
    const behind = { message: 'm no root', [splatSymbol]: [error], [givenSymbol]: ['m', error] };
    assert.equal(record(behind).attributes['meta.level'], 3);
    const marked = Object.assign(new Error('out'), { level: 'error', [levelSymbol]: 'error' });
    assert.equal(record({ message: 'm', err: marked }).attributes.err, 'out');
  });

  it('tells its cause once, also where its stack has no lines', () => {
    const error = new TypeError('fetch failed', { cause });
    error.stack = 'TypeError: fetch failed';
    const { stack } = error;
    const info = { message: 'm', stack, cause, [splatSymbol]: [error] };
    const { attributes } = record(info);
    assert.match(String(attributes['exception.stacktrace']), /Caused by: TypeError: inner/);
    assert.ok(!('cause' in attributes));
  });

  it('lists the members of an AggregateError', () => {
    const made = record({
      message: new AggregateError([new Error('one'), new Error('two')], 'both'),
    });
    assert.match(
      String(made.attributes['exception.stacktrace']),
      /errors\[0\]: Error: one[\s\S]*errors\[1\]: Error: two/,
    );
  });

  it('leaves the command line out of winston\u2019s exception record', () => {
    const made = record({
      message: 'm',
      exception: true,
      process: { pid: 1, argv: ['--token=marker'] },
    });
    assert.ok(!JSON.stringify(made).includes('marker'));
  });

  it('leaves it out where express-winston has put that record into `meta`', () => {
    const error = new RangeError('bad route');
    for (const more of [{}, { message: error.message, stack: error.stack }]) {
      const process = { pid: 1, argv: ['--token=marker'] };
      const made = record({ message: 'm', meta: { error, exception: true, process, ...more } });
      const text = JSON.stringify(made);
      assert.ok(!text.includes('marker') && text.includes('"pid":1'), text);
    }
  });
});

describe('the limits of a record', () => {
  it('cut a huge body and keep its beginning and its end, with a mark', () => {
    const made = record({ message: `begin${'x'.repeat(10_000_000)}end` });
    assert.ok(Buffer.byteLength(String(made.body)) <= 262_144);
    assert.match(String(made.body), /^beginx+ \.\.\.\[cut: 10000008 bytes\]\.\.\. x+end$/);
    assert.equal(made.attributes[truncatedKey], 'body');
  });

  it('cut the largest attribute and leave its small neighbours alone', () => {
    const made = record({ message: 'm', small: 'kept', huge: 'ü'.repeat(100_000) });
    assert.equal(made.attributes.small, 'kept');
    assert.ok(Buffer.byteLength(String(made.attributes.huge)) < 60_000);
    assert.ok(!String(made.attributes.huge).includes('\ufffd'));
    assert.equal(made.attributes[truncatedKey], 'huge');
  });

  it('count what is beyond the number of entries, maps by their leaves', () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`k${i}`, i]));
    const made = record(
      { message: 'm', ...many, map: { a: 1, b: 2 } },
      { limits: { attributeCount: 20 } },
    );
    assert.equal(made.droppedAttributesCount, 11);
    assert.equal(Object.keys(made.attributes).length, 20);
  });

  it('hold for any values whatever, and never make a record disappear', () => {
    fc.assert(
      fc.property(
        fc.object({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSet: true,
          withTypedArray: true,
          withNullPrototype: true,
          withSparseArray: true,
          maxDepth: 5,
        }),
        fc.anything(),
        (fields, message) => {
          const made = record({ ...fields, message });
          assert.equal(made.severityNumber, 9);
          assert.ok(Object.keys(made.attributes).every((key) => /[A-Za-z0-9]/.test(key)));
        },
      ),
      { numRuns: 300 },
    );
  });
});
