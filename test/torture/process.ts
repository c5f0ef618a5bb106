// One tortured process: starts it, sends it commands, ends it, and keeps what it printed.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { FlushResult, Stats } from 'otel-setup';
import type { Ended } from './oracle/host.ts';
import type { Command, Ending, LogCommand, Plan, Reply, Usage } from './plan.ts';

const childPath = fileURLToPath(new URL('./child/child.ts', import.meta.url));

export interface ProcessOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly nodeArgs?: readonly string[];
  /** A command that starts it, such as `unshare -Urn`. */
  readonly wrapper?: readonly string[];
  readonly uid?: number;
  readonly watchdogMs: number;
}

export interface ProcessEnd extends Ended {
  readonly tookMs: number;
}

export class TorturedProcess {
  readonly plan: Plan;
  readonly child: ChildProcess;
  readonly ended: Promise<ProcessEnd>;
  isOver = false;
  stdout = '';
  stderr = '';
  readonly #waiting: ((reply: Reply) => void)[] = [];
  #endingAt = performance.now();

  constructor(plan: Plan, { env, nodeArgs = [], uid, watchdogMs, wrapper = [] }: ProcessOptions) {
    this.plan = plan;
    const [command = process.execPath, ...args] = [
      ...wrapper,
      process.execPath,
      ...strippingArgs(),
      ...nodeArgs,
      childPath,
      JSON.stringify(plan),
    ];
    this.child = spawn(command, args, {
      env,
      // A core that is dumped goes with the case's folder.
      cwd: plan.folder,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    this.child.stdin?.on('error', () => undefined);
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    const replies = createInterface({ input: this.child.stdio[3] as Readable });
    replies.on('line', (line) => this.#waiting.shift()?.(JSON.parse(line) as Reply));
    this.ended = this.#watch(watchdogMs);
  }

  get writer(): string {
    return this.plan.writer;
  }

  async #watch(watchdogMs: number): Promise<ProcessEnd> {
    const watchdog = setTimeout(() => this.child.kill('SIGKILL'), watchdogMs);
    const [code, signal] = await once(this.child, 'close');
    clearTimeout(watchdog);
    this.isOver = true;
    const tookMs = performance.now() - this.#endingAt;
    for (const resolve of this.#waiting.splice(0)) {
      resolve({ error: `${this.writer} ended: ${code ?? signal}\n${this.stderr}` });
    }
    return { code, signal, stdout: this.stdout, stderr: this.stderr, tookMs };
  }

  /** Resolves when the process has loaded what it needs. */
  ready(): Promise<unknown> {
    return this.#answer();
  }

  async send(command: Command): Promise<unknown> {
    const answer = this.#answer();
    this.child.stdin?.write(`${JSON.stringify(command)}\n`);
    return await answer;
  }

  async #answer(): Promise<unknown> {
    if (this.isOver) throw new Error(`${this.writer} has ended\n${this.stderr}`);
    const reply = await new Promise<Reply>((resolve) => this.#waiting.push(resolve));
    if ('error' in reply) throw new Error(reply.error);
    return reply.value;
  }

  async init(): Promise<{ initMs: number }> {
    return (await this.send({ type: 'init' })) as { initMs: number };
  }

  async log(command: Omit<LogCommand, 'type'>): Promise<{ logged: number; tookMs: number }> {
    const answer = await this.send({ type: 'log', ...command });
    return answer as { logged: number; tookMs: number };
  }

  async stats(): Promise<Stats> {
    return (await this.send({ type: 'stats' })) as Stats;
  }

  async usage(): Promise<Usage> {
    return (await this.send({ type: 'usage' })) as Usage;
  }

  async flush(timeoutMs?: number): Promise<FlushResult> {
    const limit = timeoutMs === undefined ? {} : { timeoutMs };
    return (await this.send({ type: 'flush', ...limit })) as FlushResult;
  }

  async shutdown(timeoutMs?: number): Promise<FlushResult> {
    const limit = timeoutMs === undefined ? {} : { timeoutMs };
    return (await this.send({ type: 'shutdown', ...limit })) as FlushResult;
  }

  /** Tells it to end; `tookMs` is counted from here. */
  async end(how: Ending): Promise<ProcessEnd> {
    this.#endingAt = performance.now();
    this.child.stdin?.write(`${JSON.stringify({ type: 'end', how })}\n`);
    return await this.ended;
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<ProcessEnd> {
    this.#endingAt = performance.now();
    this.child.kill(signal);
    return await this.ended;
  }

  /** SIGSTOP, SIGCONT. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

/** Node before 22.18 needs to be asked for types to be stripped. */
function strippingArgs(): string[] {
  return process.allowedNodeEnvironmentFlags.has('--experimental-strip-types')
    ? ['--experimental-strip-types', '--disable-warning=ExperimentalWarning']
    : [];
}
