// Variables of a file: what the doctor gives to paste then works with the same file.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { startProgram } from '../journeys/program.ts';
import { Scene } from './scene.ts';

for (const flag of ['--env', '--env-file']) {
  it(`what is pasted after doctor ${flag} finds the same spool and the same route`, async (t) => {
    const scene = new Scene(t);
    const inbox = await scene.inbox();
    const closed = await scene.closedPort();
    const { LOG_SPOOL_DIR: spool = '', ...env } = scene.env;
    const dead = startProgram(t, 'burst.ts', {
      env: { ...scene.env, ALLOY_OTLP_ENDPOINT: closed, LOG_CONSOLE: 'off' },
      args: ['50'],
      cwd: scene.home,
    });
    await dead.said('\n');
    dead.child.kill('SIGKILL');
    await once(dead.child, 'exit');
    for (const name of Object.keys(scene.env)) if (!(name in env)) delete scene.env[name];
    const variables = `ALLOY_OTLP_ENDPOINT=${inbox.url}\nLOG_SPOOL_DIR=${spool}\n`;
    writeFileSync(join(scene.home, 'staging.env'), variables);

    const { report } = await scene.doctor({}, [flag, 'staging.env']);
    const backlog = report.findings.find(({ check }) => check === 'backlog');
    assert.deepEqual(backlog?.paste, [`npx otel-setup spool replay ${flag} staging.env`]);
    const spoolOf = (...args: string[]) =>
      scene.command({}, ['spool', ...args, flag, 'staging.env']);
    const list = await spoolOf('list');
    assert.match(list.stdout, new RegExp(`or npx otel-setup spool replay ${flag} staging.env\n$`));
    const id = /^ {2}(\w+) +dead/m.exec(list.stdout)?.[1] ?? '';
    assert.match((await spoolOf('show', id)).stdout, /50 records/);
    assert.match((await spoolOf('export', '--all')).stderr, /50 records exported/);
    const replay = await spoolOf('replay');
    assert.match(replay.stdout, /50 records found, 50 handed to Alloy/, replay.stderr);
    assert.equal((await spoolOf('purge', '--all-dead', '--yes')).code, 0);
  });
}

it('a file of variables that is missing exits with 2, and is named', async (t) => {
  const scene = new Scene(t);
  for (const args of [['doctor'], ['spool', 'list'], ['spool', 'replay']]) {
    const { code, stderr, stdout } = await scene.command({}, [...args, '--env', 'missing.env']);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /--env missing\.env cannot be read: ENOENT/);
  }
});
