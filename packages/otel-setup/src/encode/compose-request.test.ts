import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import fc from 'fast-check';
import type { Batch, Definition } from '../record/batch.ts';
import type { AnyValue, Attributes, LogRecord } from '../record/log-record.ts';
import { composeRequest } from './compose-request.ts';
import { encodeDefinition, type ScopeLike } from './encode-definition.ts';
import { RecordEncoder } from './encode-record.ts';

const resource = resourceFromAttributes({
  'service.name': 'shop',
  'host.cpus': 4,
  tags: ['a', 'ü'],
});

const notMinusZero = (value: number) => !Object.is(value, -0);
const anyValue = fc.letrec<{ value: AnyValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary' }),
    fc.string({ minLength: 40, maxLength: 300 }),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double().filter(notMinusZero),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 200 }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
})).value;

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });

const logRecord: fc.Arbitrary<LogRecord> = fc.record({
  hrTime: fc.tuple(fc.integer({ min: 0, max: 4e9 }), fc.integer({ min: 0, max: 999_999_999 })),
  hrTimeObserved: fc.tuple(
    fc.integer({ min: 0, max: 4e9 }),
    fc.integer({ min: 0, max: 999_999_999 }),
  ),
  spanContext: fc.option(
    fc.record({ traceId: hex(32), spanId: hex(16), traceFlags: fc.constantFrom(0, 1, 255) }),
    { nil: undefined },
  ),
  severityNumber: fc.option(fc.integer({ min: 0, max: 24 }), { nil: undefined }),
  severityText: fc.option(fc.string(), { nil: undefined }),
  body: fc.option(anyValue, { nil: undefined }),
  eventName: fc.option(fc.string(), { nil: undefined }),
  attributes: fc.dictionary(fc.string(), anyValue, {
    maxKeys: 8,
    noNullPrototype: true,
  }) as fc.Arbitrary<Attributes>,
  droppedAttributesCount: fc.integer({ min: 0, max: 1000 }),
});

function ours(records: readonly LogRecord[], scopes: readonly ScopeLike[]): Uint8Array {
  const encoder = new RecordEncoder();
  const byScope = new Map<ScopeLike, Definition>(
    [...new Set(scopes)].map((scope) => [scope, encodeDefinition(resource, scope)]),
  );
  const chunks: Buffer[] = [];
  const batch = {
    starts: [] as number[],
    ends: [] as number[],
    seqs: [] as number[],
    definitions: [] as Definition[],
  };
  let at = 0;
  for (const [i, record] of records.entries()) {
    const length = encoder.encode(record);
    chunks.push(Buffer.from(encoder.bytes.subarray(0, length)));
    batch.starts.push(at);
    at += length;
    batch.ends.push(at);
    batch.seqs.push(i);
    batch.definitions.push(byScope.get(scopes[i] as ScopeLike) as Definition);
  }
  const whole: Batch = { ...batch, bytes: Buffer.concat(chunks), count: records.length };
  return composeRequest(whole);
}

function stock(records: readonly LogRecord[], scopes: readonly ScopeLike[]): Uint8Array {
  const readable = records.map((record, i) => ({
    ...record,
    resource,
    instrumentationScope: scopes[i],
  }));
  return ProtobufLogsSerializer.serializeRequest(
    readable as unknown as ReadableLogRecord[],
  ) as Uint8Array;
}

describe('a composed request', () => {
  const scope = { name: 'winston', version: '1.2.3' };

  it('is byte for byte what the OpenTelemetry serializer makes of the same records', () => {
    fc.assert(
      fc.property(fc.array(logRecord, { minLength: 1, maxLength: 6 }), (records) => {
        const scopes = records.map(() => scope);
        assert.deepEqual(Buffer.from(ours(records, scopes)), Buffer.from(stock(records, scopes)));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps the order of records whose scopes alternate', () => {
    const record = (body: string): LogRecord => ({
      hrTime: [1, 2],
      hrTimeObserved: [1, 2],
      body,
      attributes: {},
      droppedAttributesCount: 0,
    });
    const other = { name: 'other' };
    const bytes = Buffer.from(
      ours([record('one'), record('two'), record('three')], [scope, other, scope]),
    );
    const at = ['one', 'two', 'three'].map((text) => bytes.indexOf(text));
    assert.deepEqual(
      at,
      [...at].sort((a, b) => a - b),
    );
    assert.equal(bytes.toString('latin1').split('winston').length - 1, 2);
  });

  it('sends minus zero as a double, because an integer would lose its sign', () => {
    const encoder = new RecordEncoder();
    const length = encoder.encode({
      hrTime: [0, 0],
      hrTimeObserved: [0, 0],
      attributes: { zero: -0 },
      droppedAttributesCount: 0,
    });
    assert.ok(
      encoder.bytes.subarray(0, length).includes(Buffer.from([0x21, 0, 0, 0, 0, 0, 0, 0, 0x80])),
    );
  });
});
