// Programs that tests start, kill and start again; where the real Loki and Alloy are installed.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, closeSync, constants, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** The path of a program: from its variable, else from PATH. */
function find(variable: string, name: string): string | undefined {
  const given = process.env[variable];
  const candidates = given
    ? [given]
    : (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name));
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export const lokiProgram: string | undefined = find('LOKI_BIN', 'loki');
export const alloyProgram: string | undefined = find('ALLOY_BIN', 'alloy');

/** What `skip` of a test says where a program is missing; false where all are there. */
export function missing(...programs: ('loki' | 'alloy')[]): string | false {
  const absent = programs.filter(
    (name) => (name === 'loki' ? lokiProgram : alloyProgram) === undefined,
  );
  return absent.length === 0
    ? false
    : `needs ${absent.join(' and ')}: put the program on PATH, or name it in ${absent
        .map((name) => `${name.toUpperCase()}_BIN`)
        .join(', ')} (https://grafana.com/docs/${absent[0]}/latest/)`;
}

/**
 * A free port below those that the kernel gives to clients: while a program is down, no client's
 * connection takes the port it will come back to.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (isFree) {
      await new Promise((resolve) => server.close(resolve));
      return port;
    }
  }
}

/** A program that can be killed and started again, with everything it prints in a file. */
export class Program {
  static readonly #running = new Set<ChildProcess>();
  #child: ChildProcess | undefined;
  readonly #start: () => ChildProcess;
  readonly #ready: () => Promise<boolean>;

  constructor(start: () => ChildProcess, ready: () => Promise<boolean>) {
    this.#start = start;
    this.#ready = ready;
  }

  /** For a command that a signal may end: its programs must not outlive it. */
  static killAllAtExit(): void {
    process.on('exit', () => {
      for (const child of Program.#running) child.kill('SIGKILL');
    });
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async start(timeoutMs = 60_000): Promise<void> {
    const child = this.#start();
    this.#child = child;
    Program.#running.add(child);
    child.once('exit', () => Program.#running.delete(child));
    const deadline = Date.now() + timeoutMs;
    while (!(await this.#ready())) {
      if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
        await this.stop('SIGKILL');
        throw new Error(`${child.spawnfile} did not become ready (exit code ${child.exitCode}).`);
      }
      await delay(50);
    }
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
      return;
    }
    const exited = once(child, 'exit');
    child.kill(signal);
    const force = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await exited;
    clearTimeout(force);
  }
}

export async function answers(url: string, accept: (status: number) => boolean): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return accept(response.status);
  } catch {
    return false;
  }
}

/**
 * Starts a program; what it prints is appended to the file. It runs in that file's folder: Loki's newer versions store
 * chunks and index in the working directory whatever else the configuration says, and would find those of an earlier run.
 */
export function run(
  program: string | undefined,
  args: readonly string[],
  logFile: string,
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  if (program === undefined) {
    throw new Error('The program is not installed.');
  }
  const log = openSync(logFile, 'a');
  const child = spawn(program, args, {
    cwd: dirname(logFile),
    env: { ...process.env, ...env },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  return child;
}
