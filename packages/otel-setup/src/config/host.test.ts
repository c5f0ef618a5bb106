import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Host, readHost } from './host.ts';

/** A machine without anything: no files, no terminal, only the given environment. */
export function fakeHost(env: Host['env'] = {}, change: Partial<Host> = {}): Host {
  return {
    env,
    isTerminal: false,
    cwd: () => '/app',
    readTextFile: () => undefined,
    readFile: () => 'there is no such file',
    hostname: () => 'machine',
    tmpdir: () => '/tmp',
    homedir: () => '/home/me',
    uid: 1000,
    argv1: '/app/main.js',
    randomId: () => 'random-id-0001',
    ...change,
  };
}

test('the fake host answers every question of the real one', () => {
  assert.deepEqual(Object.keys(fakeHost()).sort(), Object.keys(readHost()).sort());
});

test('the real host reads files, and undefined for what cannot be read', () => {
  const host = readHost();
  assert.match(host.readTextFile(import.meta.filename) ?? '', /readTextFile/);
  assert.equal(host.readTextFile(join(import.meta.dirname, 'missing')), undefined);
  assert.equal(host.readTextFile(import.meta.dirname), undefined);
  assert.notEqual(host.randomId(), host.randomId());
  assert.equal(host.env.PATH, process.env.PATH);
});
