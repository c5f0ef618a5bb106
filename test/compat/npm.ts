// npm as a child process: the one that runs us, under the same Node.

import { type ChildOptions, type Ended, mustRun, run } from './child.ts';

function command(args: readonly string[]): [string, readonly string[]] {
  const cli = process.env.npm_execpath;
  return cli?.endsWith('.js') ? [process.execPath, [cli, ...args]] : ['npm', args];
}

/** Runs npm; anything but exit code 0 is an error. */
export function npm(args: readonly string[], options: ChildOptions): Promise<Ended> {
  return mustRun(...command(args), { timeoutMs: 300_000, ...options });
}

/** One field of the registry's answer; undefined where no version matches. */
export async function npmView(spec: string, field: string, cwd: string): Promise<unknown> {
  const { code, stdout, stderr } = await run(...command(['view', spec, field, '--json']), { cwd });
  if (code === 0) return stdout.trim() === '' ? undefined : JSON.parse(stdout);
  if (`${stdout}${stderr}`.includes('E404')) return undefined;
  throw new Error(`npm view ${spec} failed.\n${stderr || stdout}`);
}
