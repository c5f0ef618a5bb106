import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHealth } from './health.ts';
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

function setUp(routeName: string) {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const health = createHealth({
    noticeLevel: 'info',
    json: false,
    write,
    clock,
    routeName,
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
});

test('on the route alloy delivered reads handed to Alloy', () => {
  const { health, lines } = setUp('alloy');
  health.ledger.hot.accepted += 2;
  health.ledger.delivered(1, 10);
  health.closing(onDisk);
  assert.match(lines[0] ?? '', /1 handed to Alloy, 1 pending/);
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
