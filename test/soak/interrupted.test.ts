// Ctrl-C in a terminal reaches every process of its group: the soak ends early all the same, with its verdict.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { it } from 'node:test';
import { temporaryFolder } from '../journeys/program.ts';

const skip = process.platform === 'win32' ? 'Windows has no signals' : false;

it('Ctrl-C ends the soak with its verdict', { skip, timeout: 120_000 }, async (t) => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'run.ts')], {
    env: { PATH: process.env.PATH ?? '', TMPDIR: temporaryFolder(t) },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  t.after(() => child.kill('SIGKILL'));
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const lines = createInterface(child.stdout).on('line', (line) => {
    said += `${line}\n`;
  });
  const ended = once(child, 'close');
  await once(lines, 'line');
  process.kill(-(child.pid ?? assert.fail('it did not start')), 'SIGINT');
  await ended;
  assert.match(said, /^ok +ledger at the end/m);
  assert.match(said, /^(?:Passed\.|FAILED\.)/m);
});
