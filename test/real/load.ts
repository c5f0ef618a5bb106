// A process that logs numbered records at a steady rate, and what is known about it from outside.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { programPath } from '../journeys/program.ts';

export interface Ledger {
  readonly accepted: number;
  readonly delivered: number;
  readonly pending: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly changed: Readonly<Record<string, number>>;
  readonly adopted: Omit<Ledger, 'adopted' | 'changed'>;
}

export interface LoadOptions {
  readonly folder: string;
  /** Names the process in its records. */
  readonly run: string;
  /** Records per second. */
  readonly rate: number;
  readonly env: Readonly<Record<string, string>>;
}

export class Load {
  readonly run: string;
  /** What it last said about itself. */
  ledger: Ledger | undefined;
  /** What it wrote to standard error: the notices. */
  said = '';
  wasKilled = false;
  readonly #child: ChildProcess;
  readonly #journal: string;
  readonly #ended: Promise<unknown>;

  constructor({ folder, run, rate, env }: LoadOptions) {
    this.run = run;
    this.#journal = join(folder, `${run}.accepted`);
    writeFileSync(this.#journal, '');
    const args = [programPath('steady.ts'), run, String(rate), this.#journal];
    const child = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child = child;
    createInterface(child.stdout).on('line', (line) => {
      this.ledger = JSON.parse(line) as Ledger;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.said += text;
    });
    // It may end before it is asked to: that shows when somebody waits for it.
    child.stdin.on('error', () => undefined);
    this.#ended = once(child, 'close');
  }

  /** Records whose log call returned. */
  get accepted(): number {
    return statSync(this.#journal).size;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Waits until so many more records are accepted. */
  async logs(more: number): Promise<void> {
    const count = this.accepted + more;
    while (this.accepted < count) {
      if (this.hasEnded) {
        throw new Error(`The process ended after ${this.accepted} records.\n${this.said}`);
      }
      await delay(10);
    }
  }

  /** Ends the logging, and the process when nothing is pending any more. */
  async finish(timeoutMs: number): Promise<void> {
    this.#child.stdin?.end('end\n');
    const watchdog = setTimeout(() => this.#child.kill('SIGKILL'), timeoutMs);
    await this.#ended;
    clearTimeout(watchdog);
  }

  /** Ends the process with a signal, under load. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    this.wasKilled ||= signal === 'SIGKILL' && !this.hasEnded;
    this.#child.kill(signal);
    await this.#ended;
  }
}
