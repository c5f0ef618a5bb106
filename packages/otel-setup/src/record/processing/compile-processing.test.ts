import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { AnyValue, Attributes, SpanIds } from '../log-record.ts';
import { MadeRecord } from '../made-record.ts';
import { compileProcessing, type Process } from './compile-processing.ts';
import type { Processing, ProcessingRule } from './processing.ts';
import { readProcessing } from './read-processing.ts';

const traceIdOf = (nr: number): string => nr.toString(16).padStart(14, '0').padStart(32, '0');

function record(
  attributes: Attributes,
  more: {
    level?: number;
    body?: AnyValue;
    eventName?: string;
    span?: SpanIds;
    nanos?: number;
  } = {},
): MadeRecord {
  const parts = {
    hrTime: [1_700_000_000, more.nanos ?? 0] as [number, number],
    hrTimeObserved: [1_700_000_000, 0] as [number, number],
    spanContext: more.span,
    severityNumber: more.level ?? 9,
    severityText: 'info',
    droppedAttributesCount: 0,
  };
  const keys = Object.keys(attributes).map((key) => ({ key, encoded: undefined }));
  const values = Object.values(attributes);
  return new MadeRecord(parts, more.body ?? 'text', more.eventName, keys, values);
}

function compiled(...rules: ProcessingRule[]) {
  const read = readProcessing({ rules } satisfies Processing, 'rules');
  assert.deepEqual(read.problems, []);
  let nowMs = 0;
  const taken: string[] = [];
  const process = compileProcessing(read.rules, {
    monotonic: () => nowMs,
    tookOut: (rule) => taken.push(rule),
  }) as Process;
  return {
    process,
    taken,
    passes: (given: MadeRecord) => process(given) !== undefined,
    attributes: (given: Attributes) => process(record(given))?.attributes,
    wait: (ms: number) => {
      nowMs += ms;
    },
  };
}

describe('drop', () => {
  it('takes out what matches all conditions, and tells its name', () => {
    const { passes, taken } = compiled({
      name: 'health checks',
      drop: { level: { below: 'warn' }, attributes: { 'http.route': '/health' } },
    });
    assert.equal(passes(record({ 'http.route': '/health' })), false);
    assert.equal(passes(record({ 'http.route': '/health' }, { level: 13 })), true);
    assert.equal(passes(record({ 'http.route': '/orders' })), true);
    assert.deepEqual(taken, ['health checks']);
  });

  it('knows fields within objects, patterns, existence, the body and the event name', () => {
    const byField = compiled({
      drop: { attributes: { 'req.url': { matches: '^/(health|ready)$' } } },
    });
    assert.equal(byField.passes(record({ req: { url: '/ready' } })), false);
    assert.equal(byField.passes(record({ 'req.url': '/ready' })), false);
    assert.equal(byField.passes(record({ req: { url: '/ready/now' } })), true);
    const byAbsence = compiled({ drop: { attributes: { user: { exists: false } } } });
    assert.equal(byAbsence.passes(record({})), false);
    assert.equal(byAbsence.passes(record({ user: 0 })), true);
    const byBody = compiled({ drop: { body: { matches: '(?i)heartbeat' } } });
    assert.equal(byBody.passes(record({}, { body: 'A HeartBeat' })), false);
    assert.equal(byBody.passes(record({}, { body: { matches: 'heartbeat' } })), true);
    const byEvent = compiled({ drop: { eventName: 'tick' } });
    assert.equal(byEvent.passes(record({}, { eventName: 'tick' })), false);
    assert.equal(byEvent.passes(record({})), true);
    const byRegExp = compiled({ drop: { body: /^ping/g } });
    assert.deepEqual(
      [1, 2].map(() => byRegExp.passes(record({}, { body: 'ping' }))),
      [false, false],
    );
  });

  it('spares what `unless` names', () => {
    const { passes } = compiled({
      drop: { level: 'debug' },
      unless: { attributes: { audit: true } },
    });
    assert.equal(passes(record({}, { level: 5 })), false);
    assert.equal(passes(record({ audit: true }, { level: 5 })), true);
    assert.equal(passes(record({ audit: 'true' }, { level: 5 })), false);
  });
});

describe('sample', () => {
  it('keeps its share of the traces, and of each trace all or nothing', () => {
    const { passes } = compiled({ sample: { rate: 0.25 } });
    let kept = 0;
    for (let nr = 0; nr < 4_096; nr++) {
      const span = { traceId: traceIdOf(nr * 2 ** 44), spanId: '00000000000000aa', traceFlags: 1 };
      const verdicts = [0, 1].map((nanos) => passes(record({ nanos }, { span, nanos })));
      assert.equal(verdicts[0], verdicts[1]);
      kept += Number(verdicts[0]);
    }
    assert.equal(kept, 1_024);
  });

  it('keeps its share of records without a trace', () => {
    const { passes } = compiled({ sample: { rate: 0.1 } });
    const kept = Array.from({ length: 5_000 }, (_, nanos) => passes(record({}, { nanos })));
    const share = kept.filter(Boolean).length / kept.length;
    assert.ok(share > 0.08 && share < 0.12, String(share));
  });

  it('never takes errors, unless it is told to', () => {
    const traceId = traceIdOf(0);
    const span = { traceId, spanId: '00000000000000aa', traceFlags: 1 };
    const careful = compiled({ sample: { rate: 0.000001 } });
    assert.equal(careful.passes(record({}, { span, level: 17 })), true);
    assert.equal(careful.passes(record({}, { span, level: 16 })), false);
    const careless = compiled({ sample: { rate: 0.000001, errors: true } });
    assert.equal(careless.passes(record({}, { span, level: 21 })), false);
  });
});

describe('limit', () => {
  it('lets so many of each level pass in a second, and errors always', () => {
    const { passes, taken, wait } = compiled({ limit: { perSecond: 2, burst: 3 } });
    const burst = (level: number) =>
      Array.from({ length: 5 }, () => passes(record({}, { level }))).filter(Boolean).length;
    assert.deepEqual([burst(9), burst(13), burst(17)], [3, 3, 5]);
    wait(1_000);
    assert.equal(burst(9), 2);
    wait(60_000);
    assert.equal(burst(9), 3);
    assert.equal(taken.length, 2 + 2 + 3 + 2);
  });
});

describe('rename, add, remove', () => {
  it('change attributes and fields within objects, and never the object that was logged', () => {
    const { attributes } = compiled(
      { rename: { user: 'customer', 'req.ip': 'clientAddress' } },
      { add: { team: 'shop', customer: 'nobody' } },
      { remove: ['req.headers', 'noise'] },
    );
    const req = Object.freeze({ ip: '10.0.0.1', headers: { a: 1 }, url: '/' });
    assert.deepEqual(attributes({ user: 7, req, noise: 1 }), {
      customer: 7,
      req: { url: '/' },
      clientAddress: '10.0.0.1',
      team: 'shop',
    });
  });

  it('take no name that a record has already, nor one that Loki would show as the same', () => {
    const { attributes } = compiled({ rename: { a: 'x.y' } }, { add: { 'b-c': 1 } });
    assert.deepEqual(attributes({ a: 1, x_y: 2, b_c: 3 }), { a: 1, x_y: 2, b_c: 3 });
    // A field of an object shows under such a name, too.
    const nested = compiled({ rename: { a: 'b.c' } }, { add: { 'd.e-f': 1 } }).attributes;
    const leaves = { a: 1, b: { c: 5 }, d: { e: { f: 2 } } };
    assert.deepEqual(nested(leaves), leaves);
    assert.deepEqual(nested({ a: 1, b: { x: 5 } }), { 'b.c': 1, b: { x: 5 }, 'd.e-f': 1 });
  });

  it('give the very same record back where nothing changes', () => {
    const { process } = compiled(
      { rename: { a: 'b' } },
      { remove: ['c'] },
      { drop: { level: 'fatal' } },
    );
    const given = record({ d: 1 });
    assert.equal(process(given), given);
  });
});

it('whatever a record holds, no rule throws', () => {
  const { process } = compiled(
    { drop: { attributes: { 'a.b.c': { matches: '(x+)+$' } } } },
    { rename: { a: 'z', 'a.b': 'y' } },
    { remove: ['a.b.c', 'toString', '__proto__.x'] },
    { sample: { rate: 0.5 } },
  );
  const anything = fc.anything({ withNullPrototype: true }) as fc.Arbitrary<AnyValue>;
  const fields = fc.dictionary(
    fc.constantFrom('a', 'b', 'a.b', 'toString', 'constructor'),
    anything,
  );
  fc.assert(
    fc.property(fields, anything, (attributes, body) => {
      process(record(attributes, { body }));
    }),
    { numRuns: 500 },
  );
});
