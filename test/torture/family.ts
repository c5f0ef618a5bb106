// A running family of `child/family.ts`: who is in it, and how each of them is ended.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { assert } from './assert.ts';
import type { Case } from './case.ts';
import type { FamilyPlan, Member } from './child/family.ts';

const program = fileURLToPath(new URL('./child/family.ts', import.meta.url));

export class Family {
  readonly members: Member[] = [];
  readonly #primary: ChildProcess;
  readonly #terminated = new Set<string>();
  #stderr = '';

  constructor(c: Case, writer: string, members: NonNullable<FamilyPlan['members']>) {
    const plan = { run: c.run, writer, folder: c.folder, sdk: 'public' } as const;
    const order: FamilyPlan = { plan, kind: 'primary', members };
    this.#primary = spawn(process.execPath, [program, JSON.stringify(order)], {
      env: c.environment(),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const { stderr, stdin, stdout } = this.#primary;
    assert.ok(stdin !== null && stdout !== null && stderr !== null);
    stdin.on('error', () => undefined);
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    createInterface({ input: stdout }).on('line', (line) => this.#hear(line));
    c.t.after(() => this.#endAll());
  }

  #hear(line: string): void {
    const said = JSON.parse(line) as Member | { readonly terminated: string };
    if ('terminated' in said) this.#terminated.add(said.terminated);
    else this.members.push(said);
  }

  /** What the family printed to standard error. */
  get stderr(): string {
    return this.#stderr;
  }

  isOver({ kind, pid, writer }: Member): boolean {
    if (kind === 'thread') return this.#terminated.has(writer) || !isAlive(pid);
    return !isAlive(pid);
  }

  end(member: Member): void {
    if (member.kind === 'thread') this.#primary.stdin?.write(`${member.writer}\n`);
    else kill(member.pid);
  }

  /** The primary by SIGKILL, and nobody else. */
  async behead(): Promise<void> {
    const isOver = once(this.#primary, 'exit');
    this.#primary.kill('SIGKILL');
    await isOver;
  }

  #endAll(): void {
    this.#primary.kill('SIGKILL');
    for (const { kind, pid } of this.members) if (kind === 'fork' || kind === 'cluster') kill(pid);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // It has ended.
    return false;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended before.
  }
}
