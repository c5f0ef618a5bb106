import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { temporaryFolder } from '../journeys/program.ts';
import { alloyProgram, answers, freePort, missing } from '../real/programs.ts';
import { root } from './files.ts';

interface Machine {
  readonly child: ChildProcess;
  readonly alloyPid: () => number;
  /** The exit code and signal of the service, once Alloy and all else of the machine has ended too. */
  readonly end: (withinMs: number) => Promise<readonly unknown[]>;
}

/** `kill_timeout` of the fly.toml beside start.sh. */
const killTimeoutMs = 10_000;

/** start.sh, a service of one line, and a shell command in the place of the image's `alloy`. */
async function start(t: TestContext, service: string, alloy: string): Promise<Machine> {
  const folder = temporaryFolder(t);
  const pidFile = join(folder, 'alloy.pid');
  mkdirSync(join(folder, 'bin'));
  symlinkSync(process.execPath, join(folder, 'bin/node'));
  writeFileSync(
    join(folder, 'bin/alloy'),
    `#!/bin/sh\necho $$ > ${pidFile}.new && mv ${pidFile}.new ${pidFile}\nexec ${alloy}\n`,
    { mode: 0o755 },
  );
  writeFileSync(
    join(folder, 'server.js'),
    `${service}\nsetInterval(() => {}, 1000);\nconsole.log('ready');`,
  );
  const child = spawn('/bin/sh', [join(root, 'deploy/fly/sidecar/start.sh')], {
    cwd: folder,
    env: { PATH: `${join(folder, 'bin')}:${process.env.PATH}` },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  t.after(() => child.kill('SIGKILL'));
  await once(child.stdout ?? child, 'data');
  // Read on, so that `close` comes when the last process has let go of the machine's output.
  child.stdout?.resume();
  await until(() => existsSync(pidFile));
  return {
    child,
    alloyPid: () => Number(readFileSync(pidFile, 'utf8')),
    end: (withinMs) => once(child, 'close', { signal: AbortSignal.timeout(withinMs) }),
  };
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await isSo())) {
    assert.ok(Date.now() < deadline, 'not within 30 s');
    await delay(20);
  }
}

describe('the service and Alloy in one machine', () => {
  const sends = `process.on('SIGINT', () => setTimeout(process.exit, 100, 7));`;

  it('SIGINT ends both, and the exit code is the one of the service', async (t) => {
    const { child, end } = await start(t, sends, 'sleep 60');
    child.kill('SIGINT');
    assert.deepEqual(await end(killTimeoutMs), [7, null]);
  });

  it('a service without a handler is ended by SIGINT, as it would be alone', async (t) => {
    const { child, end } = await start(t, '', 'sleep 60');
    child.kill('SIGINT');
    assert.deepEqual(await end(killTimeoutMs), [null, 'SIGINT']);
  });

  it('an Alloy that dies is started again', async (t) => {
    const { child, alloyPid, end } = await start(t, sends, 'sleep 60');
    const first = alloyPid();
    process.kill(first, 'SIGKILL');
    await until(() => alloyPid() !== first);
    child.kill('SIGINT');
    assert.deepEqual(await end(killTimeoutMs), [7, null]);
  });

  it('the real Alloy ends in time too', { skip: missing('alloy') }, async (t) => {
    const [page, http, grpc] = [await freePort(), await freePort(), await freePort()];
    const settings = [
      'GRAFANA_CLOUD_OTLP_ENDPOINT=http://127.0.0.1:9/otlp',
      `ALLOY_OTLP_HTTP=127.0.0.1:${http} ALLOY_OTLP_GRPC=127.0.0.1:${grpc}`,
    ].join(' ');
    const command = [
      `env ${settings} ${alloyProgram} run --disable-reporting --storage.path=${temporaryFolder(t)}`,
      `--server.http.listen-addr=127.0.0.1:${page} ${join(root, 'deploy/alloy/gateway.alloy')}`,
    ].join(' ');
    const { child, end } = await start(t, sends, command);
    await until(() => answers(`http://127.0.0.1:${page}/-/ready`, (status) => status === 200));
    child.kill('SIGINT');
    assert.deepEqual(await end(killTimeoutMs), [7, null]);
  });
});
