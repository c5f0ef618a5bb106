import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { FileSystem } from '../world.ts';
import { isOnMount } from './is-on-mount.ts';

const missing = fs.existsSync('/proc/self/mountinfo') ? false : 'needs /proc';

test("the kernel's own list is read, and a directory that is not there counts as the one above it", {
  skip: missing,
}, () => {
  assert.equal(isOnMount(fs, '/proc/self'), true);
  assert.equal(isOnMount(fs, '/not/there/yet'), false);
});

test('a link is followed, and a blank in the name of a mount is no end of it', (t) => {
  const home = fs.mkdtempSync(join(fs.realpathSync(tmpdir()), 'otel-setup-mount-'));
  t.after(() => fs.rmSync(home, { recursive: true }));
  fs.mkdirSync(join(home, 'a volume/logs'), { recursive: true });
  fs.symlinkSync(join(home, 'a volume'), join(home, 'link'));
  const at = join(home, 'a volume').replaceAll(' ', '\\040');
  const told = `1 0 254:0 / / rw - ext4 /dev/vda rw\n2 1 254:1 / ${at} rw - ext4 /dev/vdb rw\n`;
  const machine = { ...fs, readFileSync: () => told } as unknown as FileSystem;
  assert.equal(isOnMount(machine, join(home, 'link/logs')), true);
  assert.equal(isOnMount(machine, join(home, 'a volume 2')), false);
  assert.equal(isOnMount(machine, home), false);
});

test('where not even the root can be seen, nothing is said and nothing hangs', () => {
  const blind = {
    existsSync: () => false,
    realpathSync: () => assert.fail('EACCES'),
  } as unknown as FileSystem;
  assert.equal(isOnMount(blind, '/spool/logs'), undefined);
});
