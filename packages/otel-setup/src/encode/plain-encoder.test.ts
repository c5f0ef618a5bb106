import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { type Info, infoOfCall, type SharedFields } from '../record/info.ts';
import { createRedactor, type Redactor } from '../record/redaction/redactor.ts';
import { limitsFor } from '../record/resource.ts';
import { createToRecord } from '../record/to-record.ts';
import { RecordEncoder } from './encode-record.ts';
import { PlainEncoder } from './plain-encoder.ts';

const levels = { error: 0, warn: 1, info: 2, oddly: 3, debug: 5 };
const limits = limitsFor([{ names: ['service_name'], entries: 1, bytes: 20 }], {
  attributeCount: 12,
  attributeValueLength: Number.POSITIVE_INFINITY,
});
const timestamps = (): [number, number] => [1_700_000_000, 5];
const span = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceFlags: 1,
};

function createRedacting(): Redactor | undefined {
  return createRedactor({}, () => undefined);
}

/** What becomes of a call: by the plain encoder, undefined where it leaves it, and by way of a record. */
function createBoth(redactor: () => Redactor | undefined) {
  const encoder = new RecordEncoder();
  const plain = new PlainEncoder(encoder, limits, { timestamps, redactor: redactor() });
  const changed = () => undefined;
  const toRecord = createToRecord({ timestamps, limits, changed, redactor: redactor() });
  const written = (length: number) =>
    Buffer.from(encoder.bytes.subarray(0, length)).toString('hex');
  return {
    plain,
    encodePlain(
      level: string,
      text: string,
      fields: Info,
      inSpan = false,
      shared?: SharedFields,
    ): string | undefined {
      const length = plain.encode(level, text, fields, levels, inSpan ? span : undefined, shared);
      return length < 0 ? undefined : written(length);
    },
    encodeRecord(
      level: string,
      text: string,
      fields: Info,
      inSpan = false,
      shared?: SharedFields,
    ): string {
      const info = infoOfCall(level, text, fields);
      return written(encoder.encode(toRecord(info, levels, inSpan ? span : undefined, shared)));
    },
  };
}

/** One that begins like a record that was left is not tried at once. */
function patiently(encode: () => string | undefined): string | undefined {
  let bytes: string | undefined;
  for (let tries = 0; tries <= 32 && bytes === undefined; tries++) {
    bytes = encode();
  }
  return bytes;
}

const keys = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('orderId', 'http.method', 'durationMs', 'region', 'ok') },
  fc.constantFrom(
    'a',
    'b',
    'a.b',
    'a_b',
    '1',
    '',
    '日本',
    'stack',
    'cause',
    'exception',
    'process',
  ),
  fc.constantFrom('level', 'message', 'severity', 'trace_id', 'event.name', 'service.name', 'name'),
  fc.constantFrom('password', 'max_tokens', 'constructor', 'toString', 'hasOwnProperty'),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const simple = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 90 }),
  fc.double(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.boolean(),
  fc.constantFrom(
    'hunter2',
    'token=abcdefgh12345',
    'x'.repeat(300),
    'x'.repeat(9_000),
    undefined,
    -0,
  ),
);
const objects = (maxLength: number) =>
  fc
    .array(fc.tuple(keys, fc.oneof({ weight: 30, arbitrary: simple }, fc.anything())), {
      maxLength,
    })
    .map((entries) => Object.fromEntries(entries) as Info);
const fields = objects(14);
/** Of a request, merged as withLogContext() does. */
const shared = fc.option(objects(4), { nil: undefined });

describe('a call that is encoded as it is read', () => {
  for (const [name, redactor] of [
    ['with redaction', createRedacting],
    ['without redaction', () => undefined],
  ] as const) {
    it(`has the bytes of the record that would have been made of it, ${name}`, () => {
      const both = createBoth(redactor);
      let plain = 0;
      let withShared = 0;
      fc.assert(
        fc.property(
          fc.constantFrom('error', 'info', 'oddly'),
          fc.oneof(
            fc.string({ unit: 'binary' }),
            fc.constantFrom('password=hunter22', 'x'.repeat(30_000)),
          ),
          fields,
          fc.boolean(),
          shared,
          (level, text, given, inSpan, common) => {
            const bytes = patiently(() => both.encodePlain(level, text, given, inSpan, common));
            if (bytes !== undefined) {
              plain++;
              withShared += Object.keys(common ?? {}).length > 0 ? 1 : 0;
              assert.equal(bytes, both.encodeRecord(level, text, given, inSpan, common));
            }
          },
        ),
        { numRuns: 3_000 },
      );
      assert.ok(plain > 150, `only ${plain} of 3,000 were plain`);
      assert.ok(withShared > 20, `only ${withShared} of them had fields of a request`);
    });
  }

  it('is one with a text, numbers, booleans and texts for fields, whatever is undefined', () => {
    const { encodePlain, encodeRecord } = createBoth(createRedacting);
    for (const given of [
      {},
      { orderId: 7, 'http.request.method': 'POST', ok: true, ratio: 0.5, none: undefined },
      { text: 'x'.repeat(200), long: 'ü'.repeat(400), big: 2 ** 53, minus: -1 },
      { nothing: null, 'http.route': null },
      { exception: true, stack: '', cause: 0, level: undefined, message: undefined },
      Object.create(Object.prototype, {
        hidden: { value: 1 },
        shown: { value: 2, enumerable: true },
      }),
    ]) {
      assert.equal(encodePlain('info', 'placed', given), encodeRecord('info', 'placed', given));
    }
  });

  it('has the fields of its request behind its own', () => {
    const { encodePlain, encodeRecord } = createBoth(createRedacting);
    const request = { requestId: 'r1', 'http.route': '/orders', attempt: 2, first: false };
    for (const given of [{}, { orderId: 7 }, { 'http.method': 'POST', none: undefined }]) {
      const bytes = encodePlain('info', 'placed', given, true, request);
      assert.equal(bytes, encodeRecord('info', 'placed', given, true, request));
      assert.match(Buffer.from(bytes ?? '', 'hex').toString('latin1'), /requestId.*\/orders/s);
    }
  });

  it('goes without what was taken away from its request', () => {
    const { encodePlain, encodeRecord } = createBoth(createRedacting);
    const request = { session: undefined, requestId: 'r1', 'log.level': undefined };
    for (const given of [{}, { orderId: 7 }]) {
      const bytes = encodePlain('info', 'placed', given, false, request);
      assert.ok(bytes !== undefined, inspect(given));
      assert.equal(bytes, encodeRecord('info', 'placed', given, false, request));
    }
  });

  it('is left alone where a field of its request meets one of its own, or needs more than copying', () => {
    for (const request of [
      { orderId: 8 },
      { order_id: 8 },
      { user: { id: 1 } },
      { orderId: undefined },
      { note: 'token=abcdefgh12345' },
      { password: 'hunter2' },
      { 'service.name': 'x' },
      { trace_id: 'mine' },
    ]) {
      const { encodePlain } = createBoth(createRedacting);
      const given = { orderId: 7, 'order.id': 7 };
      assert.equal(encodePlain('info', 'placed', given, false, request), undefined);
      assert.ok(encodePlain('info', 'placed', { b: 1 }) !== undefined, inspect(request));
    }
  });

  it('has its own fields only, whatever Object.prototype was given', () => {
    const { encodePlain } = createBoth(createRedacting);
    const bytes = encodePlain('info', 'placed', { a: 1 });
    Object.defineProperty(Object.prototype, 'polluted', {
      value: 1,
      enumerable: true,
      configurable: true,
    });
    try {
      assert.equal(encodePlain('info', 'placed', { a: 1 }), bytes);
    } finally {
      Reflect.deleteProperty(Object.prototype, 'polluted');
    }
  });

  it('is tried less often where records that begin alike were left before', () => {
    const { encodePlain } = createBoth(createRedacting);
    const tries = (fields: object, count: number) =>
      Array.from(
        { length: count },
        () => encodePlain('info', 'placed', fields as Info) !== undefined,
      );
    assert.deepEqual(tries({ err: {} }, 1), [false]);
    assert.deepEqual(tries({ err: 1 }, 3), [false, true, true]);
    tries({ err: {} }, 1_000);
    const waiting = tries({ err: 1 }, 40);
    assert.ok(waiting.indexOf(true) > 4 && waiting.indexOf(true) < 32, String(waiting));
    assert.deepEqual(tries({ other: 1, err: 1 }, 1), [true]);
  });

  it('is tried less often where it is a text alone, and its request was left before', () => {
    const { encodePlain } = createBoth(createRedacting);
    const tries = (request: object | undefined, count: number) =>
      Array.from(
        { length: count },
        () =>
          encodePlain('info', 'placed', {}, false, request as SharedFields | undefined) !==
          undefined,
      );
    assert.deepEqual(tries({ requestId: 1, user: {} }, 1), [false]);
    assert.deepEqual(tries({ requestId: 1 }, 3), [false, true, true]);
    tries({ requestId: 1, user: {} }, 1_000);
    const waiting = tries({ requestId: 1 }, 40);
    assert.ok(waiting.indexOf(true) > 4 && waiting.indexOf(true) < 32, String(waiting));
    tries({ requestId: 1, user: {} }, 1);
    assert.deepEqual(tries(undefined, 1), [true]);
    assert.deepEqual(tries({ job: 1, requestId: 1 }, 1), [true]);
  });

  it('is left alone where anything must change, or be looked at', () => {
    const { encodePlain } = createBoth(createRedacting);
    const many = Object.fromEntries(Array.from({ length: 13 }, (_, i) => [`k${i}`, i]));
    for (const given of [
      { password: 'hunter2' },
      { note: 'token=abcdefgh12345' },
      { 'token=abcdefgh12345': 1 },
      { a: {} },
      { a: 1n },
      { 'a.b': 1, a_b: 2 },
      { '': 1 },
      { trace_id: 'mine' },
      { severity: 'x' },
      { 'event.name': 'it.happened' },
      { 'service.name': 'x' },
      { long: 'x'.repeat(60_000) },
      many,
      Object.create(null),
    ]) {
      assert.equal(encodePlain('info', 'placed', given as Info), undefined, inspect(given));
    }
    assert.equal(encodePlain('oddly', 'placed', {}), undefined);
    assert.equal(encodePlain('info', 'password=hunter22', {}), undefined);
  });

  it('is left before what is too much is written, and before the fields behind it are asked for', () => {
    const { plain, encodePlain } = createBoth(createRedacting);
    const encoder = new RecordEncoder();
    const alone = new PlainEncoder(encoder, limits, { timestamps });
    const empty = encoder.bytes.length;
    for (const [text, given] of [
      ['x'.repeat(1_000_000), {}],
      ['text', { long: 'x'.repeat(1_000_000) }],
      [
        'text',
        Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`k${i}`, 'x'.repeat(9_000)])),
      ],
    ] as const) {
      assert.equal(alone.encode('info', text, given, levels, undefined), -1);
      assert.ok(encoder.bytes.length < empty + 200_000, `${encoder.bytes.length} bytes`);
    }
    const fields: Record<string, number> = {};
    let reads = 0;
    for (let i = 0; i < 1_000; i++) {
      Object.defineProperty(fields, `k${i}`, { enumerable: true, get: () => ++reads });
    }
    assert.deepEqual(
      [encodePlain('info', 'text', fields), plain.takeReread(), reads],
      [undefined, undefined, 13],
    );
  });

  it('knows nothing of an earlier one that nobody took up again', () => {
    const { plain, encodePlain } = createBoth(createRedacting);
    const logging = {
      get a() {
        encodePlain('info', 'inner', {});
        return 1;
      },
    };
    assert.equal(encodePlain('info', 'outer', logging), undefined);
    assert.equal(encodePlain('info', 'later', { b: {} }), undefined);
    assert.equal(plain.takeReread(), undefined);
  });

  it('may log when it is asked for its keys, but not when it is asked for a value', () => {
    const { encodePlain, encodeRecord } = createBoth(createRedacting);
    const logging = <Answer>(answer: Answer): Answer => {
      encodePlain('info', 'inner', { inner: 1 });
      return answer;
    };
    const asked = new Proxy({ a: 1 }, { ownKeys: (target) => logging(Reflect.ownKeys(target)) });
    assert.equal(encodePlain('info', 'outer', asked), encodeRecord('info', 'outer', { a: 1 }));
    const last = new Proxy({ b: 1 }, { get: (target, key) => logging(Reflect.get(target, key)) });
    assert.equal(encodePlain('info', 'outer', last), undefined);
  });

  it('keeps what a getter gave that logs while it is read, and leaves one that throws', () => {
    const { plain, encodePlain, encodeRecord } = createBoth(createRedacting);
    let reads = 0;
    const given = {
      before: 1,
      get logging() {
        encodePlain('info', 'inner', {});
        return ++reads;
      },
      after: 'x',
    };
    assert.equal(encodePlain('info', 'outer', given), undefined);
    assert.deepEqual([plain.takeReread(), reads], [{ before: 1, logging: 1, after: 'x' }, 1]);
    const throwing = {
      get a() {
        throw new Error('no');
      },
    };
    assert.equal(encodePlain('info', 'text', throwing as never), undefined);
    assert.equal(encodePlain('info', 'text', { a: 1 }), encodeRecord('info', 'text', { a: 1 }));
  });
});
