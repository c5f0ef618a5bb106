// npm as a child process: the one that runs us, under the same Node, on every system.

import { type SpawnSyncReturns, spawnSync } from 'node:child_process';

export function npm(
  args: readonly string[],
  cwd: string,
  timeoutMs = 300_000,
): SpawnSyncReturns<string> {
  const cli = process.env.npm_execpath;
  const [command, first] = cli ? [process.execPath, [cli]] : ['npm', []];
  return spawnSync(command, [...first, ...args], {
    cwd,
    encoding: 'utf8',
    timeout: timeoutMs,
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** One field of the registry's answer; undefined where no version matches. */
export function npmView(spec: string, field: string, cwd: string): unknown {
  const { status, stdout, stderr } = npm(['view', spec, field, '--json'], cwd, 60_000);
  if (status !== 0) {
    if (stdout.includes('E404') || stderr.includes('E404')) return undefined;
    throw new Error(`npm view ${spec} failed.\n${stderr || stdout}`);
  }
  return stdout.trim() === '' ? undefined : JSON.parse(stdout);
}
