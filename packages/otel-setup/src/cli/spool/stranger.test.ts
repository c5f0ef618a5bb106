import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, openSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { command, leaveSpool, placeIn, temporaryFolder } from './harness.test.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
const isRoot = process.getuid?.() === 0;
const nobody = isRoot ? { uid: 65_534, gid: 65_534 } : {};
const env = { LOG_ROUTE: 'alloy', ALLOY_OTLP_ENDPOINT: 'http://127.0.0.1:9' };
const skip = whyNot();

function whyNot(): string | false {
  if (!isRoot) return 'it takes root to be another user';
  const read = `require('node:fs').readFileSync(${JSON.stringify(main)})`;
  const { status } = spawnSync(process.execPath, ['-e', read], nobody);
  return status === 0 ? false : 'another user cannot read this repository, or cannot be become';
}

it('what another user may not read is told, and ends with 1', { skip }, async (t) => {
  const folder = temporaryFolder(t);
  await leaveSpool(t, folder, 20);
  const place = placeIn(folder);
  for (const path of [folder, join(folder, 'spool'), dirname(place)]) chmodSync(path, 0o755);
  for (const words of ['list', 'list --json', 'export --all', 'purge --all-dead --yes', 'replay']) {
    const { code, stderr } = await command(folder, ['spool', ...words.split(' ')], env, nobody);
    assert.equal(code, 1, words);
    assert.ok(stderr.includes(`${place} cannot be read: EACCES`), `${words}: ${stderr}`);
  }
});

it('a directory that can be listed and not entered is told', { skip }, async (t) => {
  const folder = temporaryFolder(t);
  const dead = await leaveSpool(t, folder, 20);
  const place = placeIn(folder);
  for (const path of [folder, join(folder, 'spool'), dirname(place), place]) chmodSync(path, 0o755);
  chmodSync(dead, 0o744);
  const name = basename(dead);
  for (const words of [
    'list',
    `show ${name}`,
    'export --all',
    'purge --all-dead --yes',
    'replay',
  ]) {
    const run = await command(folder, ['spool', ...words.split(' ')], env, nobody);
    assert.match(`${run.stdout}${run.stderr}`, /cannot (?:be )?(?:read|asked)/, words);
    assert.doesNotMatch(run.stderr, /EACCES.*lstat|\n\s+at /, words);
    if (!/^(?:list|show)/.test(words)) assert.equal(run.code, 1, words);
  }
});

it("a dead process's directory is not called alive where its lock may not be asked", {
  skip,
}, async (t) => {
  const folder = temporaryFolder(t);
  const dead = await leaveSpool(t, folder, 20);
  const place = placeIn(folder);
  for (const path of [folder, join(folder, 'spool'), dirname(place), place, dead]) {
    chmodSync(path, 0o755);
  }
  chmodSync(join(dead, 'owner.json'), 0o644);
  const segment = join(dead, readdirSync(dead).find((name) => name.endsWith('.seg')) ?? '');
  const run = (words: string) => command(folder, ['spool', ...words.split(' ')], env, nobody);

  const closed = await run('export --all');
  assert.equal(closed.code, 1);
  assert.match(closed.stderr, /1 file that this user cannot read/);

  chmodSync(segment, 0o644);
  assert.match((await run('export --all')).stderr, /^20 records exported\.$/m);
  const listed = await run('list');
  assert.match(listed.stdout, new RegExp(`${basename(dead)}  unknown, pid`));
  assert.match(listed.stdout, /20 records waiting\. Whether the processes marked unknown live/);
  for (const words of ['replay', 'purge --all-dead --yes', `purge ${basename(dead)} --yes`]) {
    const { code, stderr } = await run(words);
    assert.equal(code, 1, words);
    assert.match(stderr, /whether its process lives cannot be asked/, words);
    assert.doesNotMatch(stderr, /is alive|living/, words);
  }
});

it('a full disk behind standard output is told', {
  skip: process.platform !== 'linux',
}, async (t) => {
  const folder = temporaryFolder(t);
  await leaveSpool(t, folder, 20);
  const child = spawn(process.execPath, [main, 'spool', 'export', '--all'], {
    env: { HOME: folder, LOG_SPOOL_DIR: join(folder, 'spool') },
    stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
  });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [code] = await once(child, 'close');
  assert.equal(code, 1);
  assert.match(said, /^otel-setup: standard output cannot be written: ENOSPC/);
});
