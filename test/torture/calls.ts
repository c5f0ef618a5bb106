// A running `child/calls.ts`: how long each of its log calls took.

import type { Running } from '../journeys/program.ts';
import type { Case } from './case.ts';
import type { CallsAnswer, CallsCommand } from './child/calls.ts';
import type { Plan } from './plan.ts';
import { startChild } from './start-child.ts';

export class Calls {
  readonly running: Running;
  #sent = 0;
  #stdout = '';

  constructor(
    c: Case,
    plan: Partial<Plan> & Pick<Plan, 'writer'>,
    env: Record<string, string> = {},
  ) {
    this.running = startChild(c, 'calls.ts', plan, env);
    this.running.child.stdout?.on('data', (text: string) => {
      this.#stdout += text;
    });
  }

  async ready(): Promise<CallsAnswer> {
    return await this.#answer(0);
  }

  async send(command: CallsCommand): Promise<CallsAnswer> {
    this.running.child.stdin?.write(`${JSON.stringify(command)}\n`);
    return await this.#answer(++this.#sent);
  }

  async #answer(n: number): Promise<CallsAnswer> {
    await this.running.said(`{"n":${n},`);
    // A line is written whole, and may come in parts.
    while (this.#stdout.split('\n').length < n + 2) {
      await new Promise((resolve) => this.running.child.stdout?.once('data', resolve));
    }
    return JSON.parse(this.#stdout.split('\n')[n] ?? '') as CallsAnswer;
  }

  /** Lets it end of itself. */
  async end(): Promise<Awaited<Running['ended']>> {
    this.running.child.stdin?.write(`${JSON.stringify({ type: 'end' })}\n`);
    return await this.running.ended;
  }
}
