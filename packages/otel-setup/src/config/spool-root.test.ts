import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { fakeHost } from './host.test.ts';
import { loadConfig } from './load-config.ts';
import { parseBytes } from './parse-bytes.ts';

const roots = (...args: Parameters<typeof fakeHost>) =>
  loadConfig({}, fakeHost(...args)).spool.roots;

test('the spool lies in the state directory of systemd, else of the user, else the temporary one', () => {
  const home = { path: join('/home/me', '.local/state/otel-setup'), from: 'home directory' };
  const temporary = { path: join('/tmp', 'otel-setup-1000'), from: 'temporary directory' };
  assert.deepEqual(roots(), [home, temporary]);
  assert.deepEqual(roots({ STATE_DIRECTORY: '/var/lib/a:/var/lib/b', XDG_STATE_HOME: '/state' }), [
    { path: '/var/lib/a', from: 'STATE_DIRECTORY' },
    { path: join('/state', 'otel-setup'), from: 'XDG_STATE_HOME' },
    temporary,
  ]);
  assert.deepEqual(roots({ XDG_STATE_HOME: 'relative' }), [home, temporary]);
  assert.deepEqual(roots({}, { homedir: () => '', uid: undefined }), [
    { path: join('/tmp', 'otel-setup-user'), from: 'temporary directory' },
  ]);
});

test('a directory that was named is the only candidate', () => {
  const env = { LOG_SPOOL_DIR: '/data/logs', STATE_DIRECTORY: '/var/lib/a' };
  assert.deepEqual(roots(env), [{ path: resolve('/data/logs'), from: 'LOG_SPOOL_DIR' }]);
  assert.equal(roots({ LOG_SPOOL_DIR: 'logs' })[0]?.path, resolve('/app/logs'));
  assert.equal(roots({ LOG_SPOOL_DIR: '~/logs' })[0]?.path, resolve('/home/me/logs'));
  const { spool } = loadConfig({ spoolDir: '/mine' }, fakeHost(env));
  assert.deepEqual(spool.roots, [{ path: resolve('/mine'), from: 'option spoolDir' }]);
});

test('sizes are read as people write them', () => {
  for (const [text, bytes] of [
    ...[
      ['67108864', 67_108_864],
      ['64MiB', 67_108_864],
      ['64Mi', 67_108_864],
      ['64m', 67_108_864],
    ],
    ...[
      ['512MB', 512_000_000],
      ['512 mb', 512_000_000],
      ['1.5GiB', 1_610_612_736],
      ['1kB', 1000],
    ],
    ...[
      ['', undefined],
      ['MiB', undefined],
      ['64 MiBs', undefined],
      ['-1', undefined],
    ],
    ...[
      ['1e9', undefined],
      ['0x10', undefined],
      ['9'.repeat(30), undefined],
    ],
  ] as const) {
    assert.equal(parseBytes(text), bytes, text);
  }
  const { spool, problems } = loadConfig({}, fakeHost({ LOG_SPOOL_MAX_BYTES: '512' }));
  assert.equal(spool.maxBytes, undefined);
  assert.match(problems.join(), /^LOG_SPOOL_MAX_BYTES must be a number of bytes from 1048576/);
});
