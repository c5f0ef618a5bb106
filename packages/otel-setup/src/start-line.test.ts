import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeHost } from './config/host.test.ts';
import { loadConfig } from './config/load-config.ts';
import { survival } from './start-line.ts';

function survivalOf(env: Readonly<Record<string, string>>, rootFrom: string): string {
  const config = loadConfig({}, fakeHost({ LOG_ROUTE: 'alloy', ...env }));
  return survival(config, { mode: 'record', directory: '/spool/logs/v1/x', rootFrom });
}

test('a temporary or home directory of a container ends with the container, and the line says so', () => {
  for (const from of ['temporary directory', 'home directory']) {
    const line = survivalOf({ KUBERNETES_SERVICE_HOST: '10.96.0.1' }, from);
    assert.match(line, /survives the process, not the container, unless a volume is mounted there/);
    const fly = survivalOf({ FLY_APP_NAME: 'shop', FLY_MACHINE_ID: '1' }, from);
    assert.match(fly, /ends with the process; mount a volume/);
  }
});

test('elsewhere a temporary directory ends with the machine, and one that was named is taken at its word', () => {
  assert.match(survivalOf({}, 'temporary directory'), /not a restart of the machine/);
  const named = survivalOf({ KUBERNETES_SERVICE_HOST: '10.96.0.1' }, 'LOG_SPOOL_DIR');
  assert.match(named, /lasts as long as that directory\.$/);
});
