import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, it, type TestContext } from 'node:test';
import { type DiagLogger, diag, logs, ProxyTracerProvider, trace } from '@opentelemetry/api';
import { logs as legacyLogs } from '@opentelemetry/api-logs';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import type { Notice } from '../errors.ts';
import type { Clock } from '../world.ts';
import { leadsToUs, registerGlobals } from './globals.ts';

const nowhere = { mainFile: '/nowhere/at/all/index.js' };
const apiSymbol = Symbol.for('opentelemetry.js.api.1');
const holder = globalThis as unknown as Record<symbol, unknown>;

describe('the OpenTelemetry globals', () => {
  beforeEach(() => {
    logs.disable();
    legacyLogs.disable();
    diag.disable();
    delete holder[apiSymbol];
  });

  it('carry our provider, both of them, and nothing is to be told', () => {
    const provider = new LoggerProvider();
    assert.deepEqual(registerGlobals(provider, nowhere), []);
    assert.equal(logs.getLoggerProvider(), provider);
    assert.equal(legacyLogs.getLoggerProvider(), provider);
    assert.ok(leadsToUs());
  });

  it('stay as they are where somebody was first, and that is told', () => {
    const foreign = new LoggerProvider();
    logs.setGlobalLoggerProvider(foreign);
    legacyLogs.setGlobalLoggerProvider(foreign);
    const notices = registerGlobals(new LoggerProvider(), nowhere);
    assert.deepEqual(
      notices.map(({ code }) => code),
      ['OTEL_SETUP_FOREIGN_PROVIDER'],
    );
    assert.match(notices[0]?.message ?? '', /api-logs and @opentelemetry\/api/);
    assert.equal(logs.getLoggerProvider(), foreign);
    assert.ok(!leadsToUs());
  });

  it('are not tried where somebody was first: the attempt would be an error in its diag logger', () => {
    const said: string[] = [];
    diag.setLogger(sayInto(said));
    logs.setGlobalLoggerProvider(new LoggerProvider());
    registerGlobals(new LoggerProvider(), nowhere);
    assert.deepEqual(said, []);
  });

  it('of another version of the API are left alone', () => {
    holder[apiSymbol] = { version: '1.9.1' };
    const provider = new LoggerProvider();
    const notices = registerGlobals(provider, nowhere);
    assert.deepEqual(
      notices.map(({ code }) => code),
      ['OTEL_SETUP_API_VERSION'],
    );
    assert.match(notices[0]?.message ?? '', /1\.9\.1/);
    assert.deepEqual(holder[apiSymbol], { version: '1.9.1' });
    assert.equal(legacyLogs.getLoggerProvider(), provider);
  });

  it('are not made by us for an application that has another version installed', (t) => {
    const folder = installApi(t, '1.9.1');
    registerGlobals(new LoggerProvider(), { mainFile: join(folder, 'app.js') });
    assert.equal(holder[apiSymbol], undefined);
  });

  it('of two copies are named: a newer copy sees nothing of what an older one made', (t) => {
    const folder = installApi(t, '1.10.0');
    holder[apiSymbol] = { version: '1.9.1' };
    const notices = registerGlobals(new LoggerProvider(), { mainFile: join(folder, 'app.js') });
    assert.deepEqual(
      notices.map(({ code, level }) => `${code} ${level}`),
      ['OTEL_SETUP_API_COPIES warn', 'OTEL_SETUP_API_VERSION info'],
    );
    assert.match(notices[0]?.message ?? '', /1\.9\.1 .*1\.10\.0 and sees none/);
  });

  it('are not made by us in a bundle, where the version of the application is not known', () => {
    const { provider, told, turn } = bundled();
    turn();
    assert.equal(holder[apiSymbol], undefined);
    holder[apiSymbol] = { version: '1.9.1' };
    turn();
    assert.deepEqual(holder[apiSymbol], { version: '1.9.1' });
    assert.deepEqual(told, ['OTEL_SETUP_API_VERSION']);
    assert.equal(legacyLogs.getLoggerProvider(), provider);
  });

  it('are joined in a bundle as soon as its API is known for ours', () => {
    const { provider, told, turn } = bundled();
    trace.setGlobalTracerProvider(new ProxyTracerProvider());
    turn();
    assert.equal(logs.getLoggerProvider(), provider);
    assert.deepEqual(told, []);
  });

  it('hear what OpenTelemetry says, from our level on', () => {
    const said = connect('warn');
    diag.warn('one');
    diag.info('two');
    assert.deepEqual(said, ['warn one']);
  });

  it('leave the application the logger it has set, and the one it sets later', () => {
    const theirs: string[] = [];
    diag.setLogger(sayInto(theirs));
    const ours = connect('debug');
    diag.error('before');
    diag.setLogger(sayInto(theirs), { suppressOverrideMessage: true });
    diag.error('after');
    assert.deepEqual([theirs, ours], [['error before', 'error after'], []]);
  });

  it('hear nothing where the application is on another version of the API', () => {
    holder[apiSymbol] = { version: '1.9.1' };
    connect('debug');
    assert.deepEqual(holder[apiSymbol], { version: '1.9.1' });
  });
});

/** Registered in a bundle; `turn` lets its next timer ring. */
function bundled() {
  const told: string[] = [];
  const timers: (() => void)[] = [];
  const setTimeout = (run: () => void) => {
    timers.push(run);
    return { unref: () => undefined };
  };
  const provider = new LoggerProvider();
  const notice = ({ code }: Notice) => void told.push(code);
  const clock = { setTimeout } as unknown as Clock;
  assert.deepEqual(registerGlobals(provider, { ...nowhere, isBundled: true, clock, notice }), []);
  return { provider, told, turn: () => timers.shift()?.() };
}

function sayInto(said: string[]): DiagLogger {
  const say = (level: string) => (text: string) => void said.push(`${level} ${text}`);
  const [debug, verbose] = [say('debug'), say('verbose')];
  return { error: say('error'), warn: say('warn'), info: say('info'), debug, verbose };
}

function connect(level: 'warn' | 'debug'): string[] {
  const said: string[] = [];
  registerGlobals(new LoggerProvider(), { ...nowhere, diag: { logger: sayInto(said), level } });
  return said;
}

/** A folder in which an application would find this version of the API. */
function installApi(t: TestContext, version: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'otel-setup-globals-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const api = join(folder, 'node_modules/@opentelemetry/api');
  mkdirSync(api, { recursive: true });
  const main = { name: '@opentelemetry/api', version, main: 'index.js' };
  writeFileSync(join(api, 'package.json'), JSON.stringify(main));
  writeFileSync(join(api, 'index.js'), '');
  return folder;
}
