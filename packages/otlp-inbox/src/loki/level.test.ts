// The expectations were read from a Loki (main, after 3.7.6) that was sent the same records.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectLevel } from './level.ts';
import type { Pair } from './mapping.ts';

test('a level is known in several spellings, and stays where it is not', () => {
  const spellings = {
    trace: 'trace',
    TRC: 'trace',
    Debug: 'debug',
    dbg: 'debug',
    INF: 'info',
    information: 'info',
    Warn: 'warn',
    wrn: 'warn',
    WARNING: 'warn',
    err: 'error',
    Error: 'error',
    critical: 'critical',
    fatal: 'fatal',
    http: 'http',
    silly: 'silly',
    Notice: 'Notice',
    emerg: 'emerg',
    constructor: 'constructor',
  };
  for (const [text, level] of Object.entries(spellings)) {
    assert.equal(detectLevel([['severity_text', text]], 'fatal'), level, text);
  }
});

test('an attribute beats the severity text, which beats the number, which beats the line', () => {
  const number: Pair = ['severity_number', '9'];
  const text: Pair = ['severity_text', 'error'];
  assert.equal(detectLevel([number, text, ['level', 'debug']], 'fatal'), 'debug');
  assert.equal(detectLevel([number, text, ['lvl', 'debug'], ['severity', 'odd']], 'fatal'), 'odd');
  assert.equal(detectLevel([number, text, ['detected_level', 'TRC']], 'fatal'), 'trace');
  assert.equal(detectLevel([number, text], 'fatal'), 'error');
  assert.equal(detectLevel([number], 'fatal'), 'info');
  assert.equal(detectLevel([], 'fatal'), 'fatal');
});

test('of two equal names the first decides', () => {
  const pairs: Pair[] = [
    ['level', 'error'],
    ['level', 'warn'],
  ];
  assert.equal(detectLevel(pairs, ''), 'error');
});

test('names that Loki does not know say nothing', () => {
  for (const name of ['log_level', 'lEvel', 'levels']) {
    assert.equal(detectLevel([[name, 'error']], 'plain'), 'unknown', name);
  }
});

test('a severity number has a level of its own', () => {
  const levels = {
    1: 'trace',
    4: 'trace',
    5: 'debug',
    9: 'info',
    12: 'info',
    13: 'warn',
    16: 'warn',
  };
  const more = { 17: 'error', 20: 'error', 21: 'fatal', 24: 'fatal', 25: 'unknown', '-1': 'trace' };
  for (const [number, level] of Object.entries({ ...levels, ...more })) {
    assert.equal(detectLevel([['severity_number', number]], ''), level, number);
  }
});

test('a line tells its level by a field, else by its first word that is one', () => {
  const lines = {
    nothing: 'unknown',
    'an error here': 'error',
    errors: 'unknown',
    'misc:error': 'unknown',
    'error: x': 'error',
    '[WARN] x': 'warn',
    'info before error': 'info',
    'level=debug msg=x': 'debug',
    'lvl=wrn severity=fatal': 'fatal',
    'msg="level=error" a=b': 'error',
    '{"level":"warn"}': 'warn',
    '{"a":{"level":"err"}}': 'error',
    '{"a":{"b":{"level":"err"}}}': 'error',
    '{"level":3,"msg":"fatal"}': 'fatal',
    '{broken level:"error"}': 'error',
    'x fatal! y': 'fatal',
    'no-error': 'unknown',
    '"error"': 'error',
    'critical|x': 'critical',
    'level=weird warn': 'warn',
    'LEVEL=Information x': 'info',
    '{"log.level":"dbg"}': 'debug',
    terror: 'unknown',
    'WARNING!': 'warn',
    'error.': 'unknown',
    'a=1 error=true': 'error',
  };
  for (const [line, level] of Object.entries(lines))
    assert.equal(detectLevel([], line), level, line);
});
