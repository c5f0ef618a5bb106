import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import { logs } from '@opentelemetry/api';
import { logs as legacyLogs } from '@opentelemetry/api-logs';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { leadsToUs, registerGlobals } from './globals.ts';

const nowhere = { mainFile: '/nowhere/at/all/index.js' };
const apiSymbol = Symbol.for('opentelemetry.js.api.1');
const holder = globalThis as unknown as Record<symbol, unknown>;

describe('the OpenTelemetry globals', () => {
  beforeEach(() => {
    logs.disable();
    legacyLogs.disable();
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
      ['OTEL_SETUP_FOREIGN_PROVIDER', 'OTEL_SETUP_FOREIGN_PROVIDER'],
    );
    assert.equal(logs.getLoggerProvider(), foreign);
    assert.ok(!leadsToUs());
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
    const folder = mkdtempSync(join(tmpdir(), 'otel-setup-globals-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const api = join(folder, 'node_modules/@opentelemetry/api');
    mkdirSync(api, { recursive: true });
    writeFileSync(
      join(api, 'package.json'),
      '{"name":"@opentelemetry/api","version":"1.9.1","main":"index.js"}',
    );
    writeFileSync(join(api, 'index.js'), '');
    registerGlobals(new LoggerProvider(), { mainFile: join(folder, 'app.js') });
    assert.equal(holder[apiSymbol], undefined);
  });
});
