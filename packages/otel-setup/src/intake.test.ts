import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider, type LogRecordProcessor } from '@opentelemetry/sdk-logs';
import fc from 'fast-check';
import { asProcessor, Intake } from './intake.ts';
import { createReadShared } from './logger/shared-fields.ts';
import { contextSymbol } from './logger/trace-context.ts';
import { createFromEmitted } from './record/from-emitted.ts';
import { type Info, levelSymbol, splatSymbol } from './record/info.ts';
import type { Process } from './record/processing/compile-processing.ts';
import { createToRecord } from './record/to-record.ts';

const levels = { error: 0, warn: 1, info: 2, http: 3, verbose: 4, debug: 5, silly: 6 };
const resource = resourceFromAttributes({ 'service.name': 'shop' });

/** An intake on a clock of its own, and the bytes it has stored. */
function createIntake(process?: Process) {
  let nanos = 0;
  const timestamps = (): [number, number] => [1_700_000_000, nanos++];
  const stored: Buffer[] = [];
  const failures: unknown[] = [];
  const changed = () => undefined;
  const intake = new Intake({
    toRecord: (limits) => createToRecord({ timestamps, limits, changed }),
    fromEmitted: (limits) => createFromEmitted({ timestamps, limits, changed }),
    limits: { attributeCount: 128, attributeValueLength: Number.POSITIVE_INFINITY },
    changed,
    lateLabels: () => undefined,
    readShared: createReadShared([]),
    plain: { timestamps },
    process,
    hot: { accepted: 0, encodedBytes: 0 },
    define: () => 0,
    append: (bytes, start, end) => stored.push(Buffer.from(bytes.subarray(start, end))),
    wake: () => undefined,
    processorFailed: (error) => failures.push(error),
  });
  return { intake, stored, failures };
}

function longWay(processors: LogRecordProcessor[]) {
  const made = createIntake();
  const own = asProcessor(made.intake, () => Promise.resolve());
  const provider = new LoggerProvider({ resource, processors: [...processors, own] });
  return {
    ...made,
    provider,
    accept: made.intake.longWay(resource, provider.getLogger('winston')),
  };
}

const nothing: LogRecordProcessor = {
  onEmit: () => undefined,
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};

const infoOf = (fields: object, more: object = {}): Info =>
  ({ ...fields, [levelSymbol]: 'info', level: 'info', ...more }) as unknown as Info;

const span = trace.setSpanContext(ROOT_CONTEXT, {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceFlags: 1,
});

describe('the two ways of a winston record', () => {
  it('lead to the same bytes, whatever it holds', () => {
    const short = createIntake();
    const long = longWay([nothing]);
    const { accept: direct } = short.intake.shortWay(resource);
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
        }),
        fc.oneof(fc.string(), fc.anything()),
        fc.boolean(),
        (fields, message, inSpan) => {
          const more = { message, ...(inSpan ? { [contextSymbol]: span } : {}) };
          direct(infoOf(fields, more), levels);
          long.accept(infoOf(fields, more), levels);
          assert.deepEqual(long.stored.at(-1), short.stored.at(-1));
        },
      ),
      { numRuns: 300 },
    );
    assert.equal(long.stored.length, short.stored.length);
  });

  it('lead to the same bytes for Errors, huge values, odd keys and too many attributes', () => {
    const short = createIntake();
    const long = longWay([nothing]);
    const { accept: direct } = short.intake.shortWay(resource);
    const error = Object.assign(new RangeError('no', { cause: new Error('why') }), { code: 'E' });
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`k${i}`, i]));
    for (const fields of [
      { message: error },
      { message: 'm', error },
      { message: 'm no', stack: error.stack, [splatSymbol]: [error] },
      { message: 'x'.repeat(1_000_000) },
      { message: 'm', text: 'y'.repeat(200_000) },
      {
        message: 'm',
        '': 1,
        '---': 2,
        __proto__x: 3,
        'a.b': 1,
        a_b: 2,
        trace_id: 'mine',
        severity: 'x',
      },
      { message: 'm', 'event.name': 'it.happened' },
      { message: 'm', ...many },
    ]) {
      direct(infoOf(fields), levels);
      long.accept(infoOf(fields), levels);
      assert.deepEqual(
        long.stored.at(-1),
        short.stored.at(-1),
        Object.keys(fields).slice(0, 4).join(),
      );
    }
  });
});

describe('a plain call', () => {
  it('with a getter that logs is stored once, and so is what the getter logs', () => {
    const { intake, stored } = createIntake();
    const { accept, acceptCall } = intake.shortWay(resource);
    assert.ok(acceptCall);
    let reads = 0;
    const fields = {
      get orderId() {
        acceptCall('info', 'inner', {}, levels);
        return `order ${++reads}`;
      },
    };
    assert.equal(acceptCall('info', 'outer', fields, levels), true);
    const texts = stored.map(String);
    assert.deepEqual(
      texts.map((text) => /inner|outer/.exec(text)?.[0]),
      ['inner', 'outer'],
    );
    assert.ok(texts[1]?.includes('order 1'));
    assert.equal(acceptCall('info', 'text', { a: {} }, levels), false);
    accept(infoOf({ message: 'text' }), levels);
    assert.deepEqual([reads, stored.length], [1, 3]);
  });

  it('is none where a rule wants to see each record', () => {
    const { intake } = createIntake((record) => record);
    assert.equal(intake.shortWay(resource).acceptCall, undefined);
  });
});

describe('further processors', () => {
  it('see each record first, and what they change is what is stored', () => {
    const marking: LogRecordProcessor = {
      ...nothing,
      onEmit: (record) => {
        record.setAttribute('team', 'blue');
      },
    };
    const { accept, stored } = longWay([marking]);
    accept(infoOf({ message: 'hello' }), levels);
    assert.ok(stored[0]?.includes('blue') && stored[0].includes('hello'));
  });

  it('cost no record when they throw, or when their provider is shut down', async () => {
    const broken: LogRecordProcessor = {
      ...nothing,
      onEmit: () => {
        throw new Error('broken');
      },
    };
    const { accept, stored, failures, provider } = longWay([broken]);
    accept(infoOf({ message: 'one' }), levels);
    assert.deepEqual([stored.length, String(failures[0])], [1, 'Error: broken']);
    await provider.shutdown();
    accept(infoOf({ message: 'two' }), levels);
    assert.equal(stored.length, 2);
  });
});

describe('another OpenTelemetry log source', () => {
  it('keeps the time it gives, and gets one of ours where it gives none', () => {
    const { provider, stored } = longWay([]);
    const logger = provider.getLogger('other');
    logger.emit({ body: 'given', timestamp: [1_600_000_000, 5] });
    logger.emit({ body: 'not given' });
    const time = (bytes: Buffer | undefined) => bytes?.readBigUInt64LE(1);
    assert.equal(time(stored[0]), 1_600_000_000_000_000_005n);
    assert.equal(time(stored[1]), 1_700_000_000_000_000_000n);
  });

  it('has any body rendered, and its active span kept', () => {
    const { provider, stored } = longWay([]);
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    context.with(span, () =>
      provider.getLogger('other').emit({ body: cyclic as never, context: span }),
    );
    assert.ok(stored[0]?.includes('[Circular]'));
    assert.ok(stored[0]?.includes(Buffer.from('b7ad6b7169203331', 'hex')));
  });
});
