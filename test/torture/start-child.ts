// Starts a program of `child/` other than the tortured child itself, with a plan and the environment of its case.

import { programPath, type Running, startProgram } from '../journeys/program.ts';
import type { Case } from './case.ts';
import type { Plan } from './plan.ts';

export function startChild(
  c: Case,
  name: string,
  plan: Partial<Plan> & Pick<Plan, 'writer'>,
  env: Readonly<Record<string, string>> = {},
): Running {
  const whole: Plan = { run: c.run, folder: c.folder, sdk: 'public', ...plan };
  return startProgram(c.t, `../torture/child/${name}`, {
    env: { ...c.environment(), ...env },
    args: [JSON.stringify(whole)],
    cwd: programPath('..'),
  });
}
