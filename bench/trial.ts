// Runs one contender on one question in a process of its own and reports what it said and what arrived.

import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Report } from './channel.ts';
import type { Message, Task } from './program.ts';
import type { Figures } from './question.ts';
import type { Endpoint } from './receiver-client.ts';

export interface TrialResult {
  /** Missing where the process ended before it had any. */
  readonly figures: Figures | undefined;
  /** What had arrived when the contender was done; missing where it ended before. */
  readonly report: Report | undefined;
  /** The end of what it wrote to stderr. */
  readonly stderr: string;
  /** It was ended because its time was over. */
  readonly hung: boolean;
}

type Complete = Report & Record<string, number | undefined>;

export interface Hooks {
  /** The load begins. */
  started?(): void;
  /** How long nothing may come before the rest counts as lost. */
  quietMs?: number;
  limitMs?: number;
}

/** Nothing measured here takes longer; a contender that hangs is ended and shows as failed. */
const defaultLimitMs = 180_000;
/** After the orderly end of a contender nothing more comes, or it comes at once. */
export const quietMs = 1_000;

export function runTrial(task: Task, endpoint: Endpoint, hooks: Hooks = {}): Promise<TrialResult> {
  const child = startProgram(task);
  let figures: Figures | undefined;
  let report: Report | undefined;
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-4_000);
  });
  return new Promise((resolve, reject) => {
    let hung = false;
    const timer = setTimeout(() => {
      hung = true;
      child.kill('SIGKILL');
    }, hooks.limitMs ?? defaultLimitMs);
    const settle = async (count: number) => {
      const expected = task.contender === 'none' ? 0 : count;
      report = await endpoint.settle(expected, hooks.quietMs ?? quietMs);
      if (child.connected) child.send('settled');
    };
    child.on('message', (message: Message) => {
      switch (message.type) {
        case 'started':
          hooks.started?.();
          return;
        case 'logged':
          settle(message.count).catch(reject);
          return;
        case 'figures':
          figures = message.figures;
          child.kill('SIGKILL');
      }
    });
    child.once('error', reject);
    child.once('close', () => {
      clearTimeout(timer);
      resolve({ figures, report, stderr, hung });
    });
  });
}

function startProgram(task: Task): ChildProcess {
  const program = fileURLToPath(new URL('program.ts', import.meta.url));
  return fork(program, [JSON.stringify(task)], {
    env: environment(),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}

/** The figures and the receiver's count together; throws where the process ended early. */
export function complete({ figures, report, stderr, hung }: TrialResult): Complete {
  if (hung) throw new Error(`it hung: ${reasonIn(stderr)}`);
  if (figures === undefined || report === undefined) {
    throw new Error(`it ended before it had an answer: ${reasonIn(stderr)}`);
  }
  return { ...figures, ...report };
}

/** The line that names the error; else the last one. */
function reasonIn(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  return lines.find((line) => /Error\b.*:/.test(line)) ?? lines.at(-1) ?? 'it wrote nothing';
}

/** The caller's environment without what would steer a contender. */
function environment(): NodeJS.ProcessEnv {
  const steering = /^(OTEL|LOG|LOKI|GRAFANA|ALLOY)_|^NODE_OPTIONS$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !steering.test(name)));
}
