import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DiagLogger } from '@opentelemetry/api';
import type { Notice } from '../errors.ts';
import { createDiag } from './diag.ts';

const clean = (words: string): string => words.replaceAll('glc_abc', '***').slice(0, 200);

function setUp(onNotice: (diag: DiagLogger) => void = () => undefined) {
  const told: { notice: Notice; key: string }[] = [];
  const diag: DiagLogger = createDiag(clean, (notice, key) => {
    told.push({ notice, key });
    onNotice(diag);
  });
  return { diag, told };
}

test('what a package says becomes a notice with its words, its level and one code', () => {
  const { diag, told } = setUp();
  diag.warn('Invalid attribute value set for key: a');
  diag.error('export failed', new TypeError('no'), { status: 503, retry: { after: 1 } });
  diag.verbose('details');
  assert.deepEqual(
    told.map(({ notice }) => [notice.code, notice.level]),
    [
      ['OTEL_SETUP_OTEL', 'warn'],
      ['OTEL_SETUP_OTEL', 'error'],
      ['OTEL_SETUP_OTEL', 'debug'],
    ],
  );
  assert.match(told[1]?.notice.message ?? '', /export failed TypeError: no \{ status: 503/);
});

test('what is told was cleaned', () => {
  const { diag, told } = setUp();
  diag.error('headers', { authorization: 'glc_abc' });
  assert.ok(!JSON.stringify(told).includes('glc_abc'));
});

test('a LoggerProvider that comes second is no error', () => {
  const { diag, told } = setUp();
  const text = '@opentelemetry/api: Attempted duplicate registration of API: logs';
  diag.error(new Error(text).stack ?? text);
  assert.equal(told[0]?.notice.level, 'info');
  assert.match(
    told[0]?.notice.message ?? '',
    /stay with the first one\..*init\(\{ processors \}\)/,
  );
});

test("what OpenTelemetry's error handler makes of an error is read", () => {
  const { diag, told } = setUp();
  const flat = (error: object) => diag.error(JSON.stringify(error));
  flat({ stack: 'OTLPExporterError: Not Found\n at x', message: 'Not Found', name: 'OTLPError' });
  flat({
    stack: 'AggregateError\n at x',
    message: '',
    name: 'AggregateError',
    code: 'ECONNREFUSED',
  });
  flat({ message: 'no error' });
  const words = told.map(({ notice }) => notice.message.slice(31).replace(/ \(OTEL_LOG.*/, ''));
  assert.deepEqual(words, [
    'OTLPError: Not Found',
    'AggregateError: ECONNREFUSED',
    '{"message":"no error"}',
  ]);
});

test('texts that differ in numbers only repeat each other, others stand apart', () => {
  const { diag, told } = setUp();
  diag.warn('queue 12 is full');
  diag.warn('queue 13 is full');
  diag.warn('no such queue');
  assert.equal(told[0]?.key, told[1]?.key);
  assert.notEqual(told[0]?.key, told[2]?.key);
});

test('endless different texts end as repeats of one', () => {
  const { diag, told } = setUp();
  for (let i = 0; i < 500; i++) diag.warn(`${'x'.repeat(i % 90)}y`);
  assert.equal(new Set(told.map(({ key }) => key)).size, 21);
});

test('what is said because of a notice is not said again', () => {
  const { diag, told } = setUp((inner) => inner.error('said inside'));
  diag.warn('said outside');
  assert.equal(told.length, 1);
});

test('a notice that throws does not end the telling', () => {
  const { diag, told } = setUp(() => {
    throw new Error('no');
  });
  assert.throws(() => diag.warn('one'));
  assert.throws(() => diag.warn('two'));
  assert.equal(told.length, 2);
});

test('the words of the API for a logger that is replaced are not told', () => {
  const { diag, told } = setUp();
  diag.warn('Current logger will be overwritten from Error\n    at x');
  assert.equal(told.length, 0);
});

test('huge and hostile arguments become a short text', () => {
  const { diag, told } = setUp();
  const hostile = new Proxy(
    {},
    {
      ownKeys() {
        throw new Error('no');
      },
    },
  );
  diag.warn('x'.repeat(100_000), 'y'.repeat(100_000), hostile);
  diag.warn('hostile', hostile);
  for (const { notice } of told) assert.ok(notice.message.length < 450, notice.message);
  assert.equal(told.length, 2);
});
