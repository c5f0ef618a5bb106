import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatNotice } from './line.ts';

const at = Date.UTC(2026, 0, 2, 3, 4, 5, 6);
const notice = (message: string) => ({ code: 'OTEL_SETUP_X', level: 'warn', message }) as const;

test('text has the level first and the code last', () => {
  assert.equal(
    formatNotice(notice('It rains.'), false, at),
    'otel-setup [warn] It rains. (OTEL_SETUP_X)',
  );
});

test('JSON holds level, time, code, message and source', () => {
  assert.deepEqual(JSON.parse(formatNotice(notice('It "rains".'), true, at)), {
    level: 'warn',
    time: '2026-01-02T03:04:05.006Z',
    code: 'OTEL_SETUP_X',
    message: 'It "rains".',
    source: 'otel-setup',
  });
});

test('control characters are shown, not obeyed, and a line stays one line', () => {
  const hostile = 'a\nb\r\tc\u001b[2J\u009b1m\u2028\u202e\u0000';
  const text = formatNotice(notice(hostile), false, at);
  assert.ok(text.includes('a\\nb\\r\\tc\\x1b[2J\\x9b1m\\u2028\\u202e\\x00'), text);
  const json = formatNotice(notice(hostile), true, at);
  assert.ok(/^[\x20-\x7e]+$/.test(json), json);
  assert.equal(JSON.parse(json).message, hostile);
});

test('a message without end is cut', () => {
  assert.ok(formatNotice(notice('x'.repeat(1_000_000)), false, at).length < 4100);
});

test('a clock beyond all dates throws nothing: its number is told', () => {
  assert.equal(JSON.parse(formatNotice(notice('m'), true, 9e15)).time, '9000000000000000');
});
