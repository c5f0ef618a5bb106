// One child process: bounded, its output collected, ended by its own pid when it takes too long.

import { execFile } from 'node:child_process';

export interface ChildOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** @default 60_000 */
  readonly timeoutMs?: number;
}

export interface Ended {
  /** The exit code; undefined when a signal ended it. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export function run(
  command: string,
  args: readonly string[],
  options: ChildOptions,
): Promise<Ended> {
  const timeout = options.timeoutMs ?? 60_000;
  return new Promise((resolve) => {
    const child = execFile(
      command,
      [...args],
      {
        cwd: options.cwd,
        env: options.env ?? process.env,
        timeout,
        killSignal: 'SIGKILL',
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        const why = error?.killed ? `\n(ended after ${timeout / 1000} s)` : '';
        resolve({ code: child.exitCode ?? undefined, stdout, stderr: `${stderr}${why}` });
      },
    );
    child.stdin?.end();
  });
}

/** As `run`, but anything else than exit code 0 is an error that shows the end of the output. */
export async function mustRun(
  command: string,
  args: readonly string[],
  options: ChildOptions,
): Promise<Ended> {
  const ended = await run(command, args, options);
  if (ended.code === 0) return ended;
  const how = ended.code === undefined ? 'was ended by a signal' : `exited with ${ended.code}`;
  throw new Error(`\`${shown(command, args)}\` ${how}:\n${outputOf(ended)}`);
}

/** The end of what a process printed, for a person to read. */
export function outputOf({ stdout, stderr }: Ended): string {
  return `${stdout.slice(-1_500)}\n${stderr.slice(-1_500)}`.trim();
}

function shown(command: string, args: readonly string[]): string {
  return [command, ...args].map((part) => part.split('/').at(-1)).join(' ');
}
