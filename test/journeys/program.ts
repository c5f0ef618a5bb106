// Starts one of test/programs as a process of its own, with an environment of its own.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From its saying "ready" on standard output to its end: starting takes long on a busy machine. */
  readonly endingMs: number;
}

export interface Running {
  readonly child: ChildProcess;
  /** Resolves when the process has ended; a watchdog ends one that hangs. */
  readonly ended: Promise<Ended>;
  /** Resolves when standard output holds the text. */
  said(text: string): Promise<void>;
}

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly nodeArgs?: readonly string[];
  readonly cwd?: string;
  /** What starts Node, with its arguments. */
  readonly command?: readonly string[];
}

const watchdogMs = 60_000;

export const programPath = (name: string): string =>
  fileURLToPath(new URL(`../programs/${name}`, import.meta.url));

/** A folder that is removed when the test is over. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'otel-setup-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What every program is given: nothing of the machine's own configuration. */
export function bareEnvironment(folder: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    TMPDIR: folder,
    LOG_SPOOL_DIR: join(folder, 'spool'),
  };
}

export function startProgram(t: TestContext, name: string, options: ProgramOptions = {}): Running {
  // Node before 22.18 needs to be asked for types to be stripped.
  const strip = process.allowedNodeEnvironmentFlags.has('--experimental-strip-types')
    ? ['--experimental-strip-types', '--disable-warning=ExperimentalWarning']
    : [];
  const nodeArgs = [...strip, ...(options.nodeArgs ?? [])];
  const [command = process.execPath, ...before] = [...(options.command ?? []), process.execPath];
  const child = spawn(
    command,
    [...before, ...nodeArgs, programPath(name), ...(options.args ?? [])],
    { env: { ...options.env }, cwd: options.cwd, stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let stdout = '';
  let stderr = '';
  let readyAt = Number.NaN;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (Number.isNaN(readyAt) && stdout.includes('ready\n')) readyAt = performance.now();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const watchdog = setTimeout(() => child.kill('SIGKILL'), watchdogMs);
  const ended = once(child, 'close').then(([code, signal]) => {
    clearTimeout(watchdog);
    return {
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      stdout,
      stderr,
      endingMs: performance.now() - readyAt,
    };
  });
  t.after(() => child.kill('SIGKILL'));
  return {
    child,
    ended,
    async said(text) {
      while (!stdout.includes(text)) {
        const more = once(child.stdout, 'data').then(() => true);
        const over = ended.then(() => false);
        if (!(await Promise.race([more, over])) && !stdout.includes(text)) {
          throw new Error(`The program ended without saying "${text}".\n${stdout}\n${stderr}`);
        }
      }
    },
  };
}

export async function runProgram(
  t: TestContext,
  name: string,
  options: ProgramOptions = {},
): Promise<Ended> {
  return await startProgram(t, name, options).ended;
}
