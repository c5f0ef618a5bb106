import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Notice, NoticeCode } from '../errors.ts';
import { createHealth, type HealthOptions } from './health.ts';
import type { SpoolStats } from './stats.ts';

const clock = {
  now: () => 0,
  monotonic: () => 0,
  setTimeout: () => assert.fail('no timer is needed'),
  clearTimeout: () => undefined,
};
const onDisk: SpoolStats = {
  mode: 'record',
  directory: '/state/v1/ab/cd',
  pendingBytes: 0,
  diskBytes: 0,
  maxBytes: 0,
  oldestMs: undefined,
};

function setUp(routeName: string, options: Partial<HealthOptions> = {}) {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const health = createHealth({
    noticeLevel: 'info',
    json: false,
    write,
    clock,
    routeName,
    ...options,
  });
  return { health, lines };
}

test('a process that delivered everything says nothing', () => {
  const { health, lines } = setUp('direct');
  health.ledger.hot.accepted += 3;
  health.ledger.delivered(3, 10);
  health.closing(onDisk);
  assert.deepEqual(lines, []);
});

test('the closing line says what is pending, where it lies and what was dropped', () => {
  const { health, lines } = setUp('direct');
  health.ledger.hot.accepted += 1240;
  health.ledger.delivered(1197, 10);
  health.ledger.dropped('too_old', 2);
  health.ledger.dropped('rejected', 1);
  health.closing(onDisk);
  assert.deepEqual(lines, [
    'otel-setup [warn] closing: 1,240 accepted, 1,197 delivered, 40 pending in /state/v1/ab/cd: ' +
      'the next start of this service on this disk sends them, 3 dropped (too_old 2, rejected 1) (OTEL_SETUP_CLOSING)',
  ]);
});

test('what only the memory held is called lost', () => {
  const { health, lines } = setUp('direct');
  health.ledger.hot.accepted += 2;
  health.closing({ ...onDisk, mode: 'memory' });
  assert.match(lines[0] ?? '', /2 lost: they were in memory only/);
  health.ledger.delivered(1, 10);
  health.closing({ ...onDisk, mode: 'memory' });
  assert.match(lines[1] ?? '', /1 lost: it was in memory only/);
});

test('on the route alloy delivered reads handed to Alloy', () => {
  const { health, lines } = setUp('alloy');
  health.ledger.hot.accepted += 2;
  health.ledger.delivered(1, 10);
  health.closing(onDisk);
  assert.match(lines[0] ?? '', /1 handed to Alloy, 1 pending .* sends it \(/);
  assert.doesNotMatch(lines[0] ?? '', /delivered/);
});

test('what earlier processes left is told apart', () => {
  const { health, lines } = setUp('direct');
  health.ledger.adopted(1000);
  health.ledger.delivered(900, 10, true);
  health.ledger.dropped('corrupt', 1, true);
  health.closing(onDisk);
  assert.match(
    lines[0] ?? '',
    /0 accepted, 0 delivered, of 1,000 left by earlier processes 900 delivered, 99 still in the spool, 1 dropped \(corrupt 1\)/,
  );
});

test('a trouble that is held back when the process ends is told in the closing line, once', () => {
  const lines: string[] = [];
  let timeMs = 0;
  const { health } = setUp('direct', {
    write: (line) => void lines.push(line),
    clock: {
      ...clock,
      monotonic: () => timeMs,
      setTimeout: () => ({ ref: () => undefined, unref: () => undefined }),
    },
  });
  const notice = (code: NoticeCode, level: Notice['level'], message: string) =>
    health.notice({ code, level, message });
  health.ledger.hot.accepted += 3;
  health.ledger.delivered(3, 10);
  const fail = () => notice('OTEL_SETUP_UNREACHABLE', 'warn', 'Refused.');
  fail();
  health.recovered(['OTEL_SETUP_UNREACHABLE']);
  notice('OTEL_SETUP_RATE_LIMITED', 'warn', 'It limits the rate.');
  notice('OTEL_SETUP_REJECTED', 'error', 'It rejects one record: bad key.');
  notice('OTEL_SETUP_STARTED', 'info', 'Logs go there.');
  timeMs = 12_000;
  fail();
  fail();
  health.recovered(['OTEL_SETUP_UNREACHABLE']);
  notice('OTEL_SETUP_RATE_LIMITED', 'warn', 'It limits the rate.');
  notice('OTEL_SETUP_REJECTED', 'error', 'It rejects one record: too old.');
  notice('OTEL_SETUP_STARTED', 'info', 'Logs go elsewhere.');
  lines.length = 0;
  health.closing(onDisk);
  health.closing(onDisk);
  assert.deepEqual(lines, [
    'otel-setup [warn] closing: 3 accepted, 3 delivered; not told yet: OTEL_SETUP_UNREACHABLE 2 more times in ' +
      '12 s; it works again, OTEL_SETUP_REJECTED 1 more time in 12 s (OTEL_SETUP_CLOSING)',
  ]);
});

test('an error that is held back is told where only errors are', () => {
  const lines: string[] = [];
  const { health } = setUp('direct', {
    noticeLevel: 'error',
    write: (line) => void lines.push(line),
    clock: { ...clock, setTimeout: () => ({ ref: () => undefined, unref: () => undefined }) },
  });
  for (const message of ['bad key', 'too old'])
    health.notice({ code: 'OTEL_SETUP_REJECTED', level: 'error', message });
  health.closing(onDisk);
  assert.match(lines[1] ?? '', /not told yet: OTEL_SETUP_REJECTED 1 more time in 0 ms/);
});
