import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { logs } from '@opentelemetry/api';
import { logs as legacyLogs } from '@opentelemetry/api-logs';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { OpenTelemetryTransportV3 } from '@opentelemetry/winston-transport';
import winston from 'winston';
import Transport from 'winston-transport';
import { consoleNotices, doubleNotices } from './doubles.ts';
import { registerGlobals } from './globals.ts';

class LokiTransport extends Transport {
  override log(_info: unknown, next: () => void): void {
    next();
  }
}

const nowhere = { mainFile: '/nowhere/at/all/index.js' };

function loggerWith(...transports: Transport[]): winston.Logger {
  return winston.createLogger({ transports });
}

function levelsOf(logger: winston.Logger): string[] {
  return doubleNotices(logger).map(({ code, level }) => `${code} ${level}`);
}

beforeEach(() => {
  logs.disable();
  legacyLogs.disable();
});

test('an ordinary logger has no doubles', () => {
  const file = new winston.transports.Http({ host: 'logs.example.com', path: '/collect' });
  const logger = loggerWith(new winston.transports.Console(), file);
  assert.deepEqual(doubleNotices(logger), []);
});

test('an old transport to Loki is named with its fix', () => {
  const [notice, ...rest] = doubleNotices(loggerWith(new LokiTransport()));
  assert.deepEqual(rest, []);
  assert.equal(notice?.level, 'warn');
  assert.match(notice?.message ?? '', /LokiTransport .*twice.*Take it out/);
});

test('a transport that is silent is no double', () => {
  assert.deepEqual(doubleNotices(loggerWith(new LokiTransport({ silent: true }))), []);
});

test("winston's transport for HTTP is named where its address is one of Loki's", () => {
  const http = new winston.transports.Http({
    host: 'logs-prod-eu-west-0.grafana.net',
    path: '/loki/api/v1/push',
  });
  assert.deepEqual(levelsOf(loggerWith(http)), ['OTEL_SETUP_DOUBLE_LOGGING warn']);
});

test("OpenTelemetry's transport is put right where it leads to us, and named where it does not", () => {
  const foreign = new LoggerProvider();
  legacyLogs.setGlobalLoggerProvider(foreign);
  const logger = loggerWith(new OpenTelemetryTransportV3());
  assert.deepEqual(levelsOf(logger), ['OTEL_SETUP_DOUBLE_LOGGING warn']);
  assert.match(doubleNotices(logger)[0]?.message ?? '', /disableLogSending/);

  legacyLogs.disable();
  registerGlobals(new LoggerProvider(), nowhere);
  assert.deepEqual(levelsOf(logger), ['OTEL_SETUP_DOUBLE_LOGGING debug']);
});

test('all doubles of a logger are one notice', () => {
  const http = new winston.transports.Http({ host: 'loki', path: '/' });
  assert.equal(doubleNotices(loggerWith(new LokiTransport(), http)).length, 1);
});

test('a console in a pod is told, elsewhere it is not', () => {
  const logger = loggerWith(new winston.transports.Console());
  const [notice] = consoleNotices(logger, true, false);
  assert.equal(notice?.level, 'info');
  assert.match(notice?.message ?? '', /LOG_CONSOLE=off/);
  assert.deepEqual(consoleNotices(logger, false, false), []);
  assert.deepEqual(consoleNotices(loggerWith(new LokiTransport()), true, false), []);
});

test("an application's own console is not told to go by LOG_CONSOLE, which does not reach it", () => {
  const logger = loggerWith(new winston.transports.Console());
  const [{ message = '' } = {}] = consoleNotices(logger, true, true);
  assert.doesNotMatch(message, /LOG_CONSOLE=off/);
  assert.match(message, /take the Console transport out of the logger/);
  assert.match(message, /otel-setup\/logs: otlp/);
});
