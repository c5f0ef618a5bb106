import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Notice } from '../errors.ts';
import type { Clock, Timer } from '../world.ts';
import { type NoticeOptions, Notices } from './notices.ts';

const MINUTE = 60_000;

class FakeClock implements Clock {
  timeMs = 0;
  readonly timers = new Map<Timer, { at: number; run: () => void }>();
  refs = 0;

  now(): number {
    return 1_700_000_000_000 + this.timeMs;
  }

  monotonic(): number {
    return this.timeMs;
  }

  setTimeout(run: () => void, delayMs: number): Timer {
    this.refs++;
    const timer = { ref: () => this.refs++, unref: () => this.refs-- };
    this.timers.set(timer, { at: this.timeMs + delayMs, run });
    return timer;
  }

  clearTimeout(timer: Timer): void {
    this.timers.delete(timer);
  }

  advance(byMs: number): void {
    const end = this.timeMs + byMs;
    for (;;) {
      const due = [...this.timers].filter(([, { at }]) => at <= end);
      const next = due.sort((a, b) => a[1].at - b[1].at)[0];
      if (next === undefined) break;
      this.timers.delete(next[0]);
      this.timeMs = next[1].at;
      next[1].run();
    }
    this.timeMs = end;
  }
}

function setUp(options: Partial<NoticeOptions> = {}) {
  const clock = new FakeClock();
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const notices = new Notices({ noticeLevel: 'info', json: false, write, clock, ...options });
  return { clock, lines, notices };
}

const refused: Notice = { code: 'OTEL_SETUP_UNREACHABLE', level: 'error', message: 'Refused.' };
const line = 'otel-setup [error] Refused. (OTEL_SETUP_UNREACHABLE)';

test('notices tell the first of a kind at once and its repeats in a summary a minute later', () => {
  const { clock, lines, notices } = setUp();
  notices.notice(refused);
  assert.deepEqual(lines, [line]);
  for (let i = 0; i < 1234; i++) notices.notice(refused);
  assert.equal(lines.length, 1);
  clock.advance(MINUTE - 1);
  assert.equal(lines.length, 1);
  clock.advance(1);
  assert.equal(
    lines[1],
    'otel-setup [error] Refused. (1,234 more times in 60 s) (OTEL_SETUP_UNREACHABLE)',
  );
});

test('a kind that never ends is told after 1, 5, 15 and then every 60 minutes', () => {
  const { clock, lines, notices } = setUp();
  const toldAt: number[] = [];
  for (let second = 0; second <= 150 * 60; second++) {
    const before = lines.length;
    clock.advance(second === 0 ? 0 : 1000);
    notices.notice(refused);
    if (lines.length > before) toldAt.push(Math.floor(clock.timeMs / MINUTE));
  }
  assert.deepEqual(toldAt, [0, 1, 6, 21, 81, 141]);
});

test('a kind that comes each 70 seconds is told less and less often', () => {
  const { clock, lines, notices } = setUp();
  for (let i = 0; i < 60; i++) {
    notices.notice(refused);
    clock.advance(70_000);
  }
  assert.ok(lines.length >= 4 && lines.length <= 7, `${lines.length} lines in 70 minutes`);
});

test('a kind that comes back after a quiet hour begins anew', () => {
  const { clock, lines, notices } = setUp();
  notices.notice(refused);
  notices.notice(refused);
  clock.advance(2 * 60 * MINUTE);
  notices.notice(refused);
  assert.equal(lines.at(-1), line);
  notices.notice(refused);
  const before = lines.length;
  clock.advance(MINUTE);
  assert.equal(lines.length, before + 1);
});

test('kinds do not silence each other', () => {
  const { lines, notices } = setUp();
  notices.notice(refused);
  notices.notice({ ...refused, code: 'OTEL_SETUP_DNS' });
  assert.equal(lines.length, 2);
});

test('recovery is told once, with its span and detail, and only after a trouble that was told', () => {
  const { clock, lines, notices } = setUp();
  notices.recovered(['OTEL_SETUP_UNREACHABLE']);
  assert.deepEqual(lines, []);
  notices.notice(refused);
  clock.advance(4 * MINUTE);
  notices.recovered(['OTEL_SETUP_UNREACHABLE'], '12,300 records delivered late');
  notices.recovered(['OTEL_SETUP_UNREACHABLE']);
  assert.deepEqual(lines.slice(1), [
    'otel-setup [info] recovered after 4 min, 12,300 records delivered late (OTEL_SETUP_UNREACHABLE)',
  ]);
});

test('one outage with several faces ends in one line, by the code under which it began', () => {
  const { clock, lines, notices } = setUp();
  notices.notice(refused);
  clock.advance(MINUTE);
  notices.notice({ ...refused, code: 'OTEL_SETUP_SERVER_ERROR' });
  clock.advance(MINUTE);
  notices.recovered(
    ['OTEL_SETUP_SERVER_ERROR', 'OTEL_SETUP_UNREACHABLE'],
    '1 record delivered late',
  );
  assert.deepEqual(lines.slice(2), [
    'otel-setup [info] recovered after 2 min, 1 record delivered late (OTEL_SETUP_UNREACHABLE)',
  ]);
});

test('an endpoint that fails and recovers each second is told in summaries', () => {
  const { clock, lines, notices } = setUp();
  for (let second = 0; second < 60; second++) {
    notices.notice(refused);
    notices.recovered(['OTEL_SETUP_UNREACHABLE']);
    clock.advance(1000);
  }
  assert.deepEqual(lines, [
    line,
    'otel-setup [info] recovered after 0 ms (OTEL_SETUP_UNREACHABLE)',
    'otel-setup [error] Refused. (59 more times in 60 s; it works again) (OTEL_SETUP_UNREACHABLE)',
  ]);
});

test('the level decides what is printed, while onNotice gets everything', () => {
  const got: string[] = [];
  const { lines, notices } = setUp({
    noticeLevel: 'warn',
    onNotice: (notice) => got.push(notice.level),
  });
  for (const level of ['debug', 'info', 'warn', 'error'] as const) {
    notices.notice({ code: `OTEL_SETUP_${level.toUpperCase()}`, level, message: level });
  }
  assert.deepEqual(
    lines.map((one) => one.split(' ')[1]),
    ['[warn]', '[error]'],
  );
  assert.deepEqual(got, ['debug', 'info', 'warn', 'error']);
});

test('whoever saw the trouble sees its end, whoever did not does not', () => {
  const loud = setUp({ noticeLevel: 'error' });
  loud.notices.notice(refused);
  loud.notices.recovered([refused.code]);
  assert.equal(loud.lines.length, 2);
  const quiet = setUp({ noticeLevel: 'none' });
  quiet.notices.notice(refused);
  quiet.notices.recovered([refused.code]);
  assert.equal(quiet.lines.length, 0);
});

test('an onNotice that throws is contained and told once', () => {
  const { lines, notices } = setUp({
    onNotice: () => {
      throw new TypeError('secret glc_abc');
    },
  });
  notices.notice(refused);
  notices.notice({ ...refused, code: 'OTEL_SETUP_DNS' });
  assert.equal(lines.length, 3);
  assert.match(lines[1] ?? '', /onNotice threw \(TypeError\).*OTEL_SETUP_ON_NOTICE/);
  assert.ok(!lines.join().includes('glc_abc'));
});

test('an onNotice that rejects later does not end the process', async () => {
  const { lines, notices } = setUp({ onNotice: () => Promise.reject(new RangeError('no')) });
  notices.notice(refused);
  await new Promise(setImmediate);
  assert.match(lines[1] ?? '', /onNotice threw \(RangeError\)/);
});

test('a notice raised inside onNotice is delivered after it, never within it', () => {
  const got: string[] = [];
  let depth = 0;
  const { notices } = setUp({
    onNotice: (notice) => {
      depth++;
      assert.equal(depth, 1);
      got.push(notice.code);
      // What a logger call inside onNotice comes to: more notices, some of the same kind.
      notices.notice(refused);
      notices.notice({ ...refused, code: 'OTEL_SETUP_INNER' });
      depth--;
    },
  });
  notices.notice(refused);
  assert.deepEqual(got, ['OTEL_SETUP_UNREACHABLE', 'OTEL_SETUP_INNER']);
});

test('a waiting summary keeps no process alive', () => {
  const { clock, notices } = setUp();
  notices.notice(refused);
  notices.notice(refused);
  assert.equal(clock.timers.size, 1);
  assert.equal(clock.refs, 0);
});
