import assert from 'node:assert/strict';
import { test } from 'node:test';
import winston from 'winston';
import { quietNotices } from './quiet.ts';

const said = (options: winston.LoggerOptions, asked?: string) =>
  quietNotices(winston.createLogger(options), asked).map(({ message }) => message);

test('an adopted logger that lets little through is told', () => {
  assert.match(String(said({ level: 'error' })), /is "error": logger\.info\(\) and all else below/);
  assert.match(String(said({ silent: true })), /is silent/);
  assert.match(String(said({ silent: '1' as never })), /is silent/);
  assert.match(String(said({ level: 'info' }, 'debug')), /LOG_LEVEL=debug has no effect/);
});

test('one that lets info through is not', () => {
  assert.deepEqual(said({ level: 'info' }), []);
  assert.deepEqual(said({ level: 'debug' }, 'debug'), []);
  assert.deepEqual(said({ levels: { fatal: 0, note: 1 }, level: 'fatal' }), []);
  assert.deepEqual(said({ levels: winston.config.syslog.levels, level: 'info' }), []);
});
