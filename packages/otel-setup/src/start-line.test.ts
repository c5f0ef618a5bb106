import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { test } from 'node:test';
import { fakeHost } from './config/host.test.ts';
import { loadConfig } from './config/load-config.ts';
import { survival } from './start-line.ts';
import type { FileSystem } from './world.ts';

const fly = { FLY_APP_NAME: 'shop', FLY_MACHINE_ID: '1' };
const kubernetes = { KUBERNETES_SERVICE_HOST: '10.96.0.1' };

/** Of a spool below /spool; `mounts` are the mount points of the machine, undefined where there is no /proc. */
function survivalOf(
  env: Readonly<Record<string, string>>,
  rootFrom: string,
  mounts?: readonly string[],
): string {
  const config = loadConfig({}, fakeHost({ LOG_ROUTE: 'alloy', ...env }));
  const told = mounts?.map((at, id) => `${id} 1 0:${id} / ${at} rw - ext4 /dev/vd${id} rw\n`);
  const machine = {
    existsSync: () => true,
    realpathSync: (path: string) => path,
    readFileSync: told === undefined ? fs.readFileSync.bind(fs, '/nowhere') : () => told.join(''),
  } as unknown as FileSystem;
  return survival(config, { mode: 'record', directory: '/spool/logs/v1/x', rootFrom }, machine);
}

test('a temporary or home directory of a container ends with the container, and the line says so', () => {
  for (const from of ['temporary directory', 'home directory']) {
    const line = survivalOf(kubernetes, from);
    assert.match(line, /survives the process, not the container, unless a volume is mounted there/);
    assert.match(survivalOf(fly, from), /ends with the process; mount a volume/);
  }
});

test('elsewhere a temporary directory ends with the machine, and one that was named is taken at its word', () => {
  assert.match(survivalOf({}, 'temporary directory'), /not a restart of the machine/);
  for (const env of [{}, kubernetes, fly]) {
    assert.match(survivalOf(env, 'LOG_SPOOL_DIR'), /lasts as long as that directory\.$/);
  }
  assert.match(survivalOf({}, 'LOG_SPOOL_DIR', ['/']), /lasts as long as that directory\.$/);
});

test('a directory that was named and lies on a mount lasts as long as it does, whoever named it', () => {
  for (const from of ['LOG_SPOOL_DIR', 'spoolDir']) {
    for (const env of [kubernetes, fly]) {
      const line = survivalOf(env, from, ['/', '/proc', '/spool']);
      assert.match(line, /lasts as long as that directory\.$/);
    }
  }
});

test('a directory that was named and lies on the root disk ends with the container, on Fly.io with the process', () => {
  const mounts = ['/', '/proc', '/spo', '/spool/logs/v1/x/y'];
  assert.match(
    survivalOf(kubernetes, 'LOG_SPOOL_DIR', mounts),
    /not the container, because no volume is mounted there/,
  );
  assert.match(survivalOf(fly, 'LOG_SPOOL_DIR', mounts), /ends with the process; mount a volume/);
});
