// What is lost: in a burst, in an outage, when the process ends. The modes are driven by loss-trial.ts.

import type { Contender } from '../contender.ts';
import { burst, pace } from '../load.ts';
import type { Question, Sizes, Trial } from '../question.ts';
import { fields } from '../record.ts';

/** Records a second while the endpoint is away. */
const outagePerSecond = 2_000;
/** Before and after the outage. */
export const outageMarginMs = 1_000;

export function outageRecords({ outageMs }: Sizes): number {
  return (outagePerSecond * (outageMs + 2 * outageMarginMs)) / 1_000;
}

export const question: Question = {
  name: 'loss',
  runs: () => 1,
  measure: async (trial) => {
    const contender = await trial.load();
    switch (trial.mode) {
      case 'burst':
        await burst(trial.sizes.burst, 0, contender.info);
        return finish(trial, contender, trial.sizes.burst);
      case 'tight':
        logAtOnce(contender, trial.sizes.burst);
        return finish(trial, contender, trial.sizes.burst);
      case 'outage':
        return outage(trial, contender);
      case 'restart':
        await trial.arrived(trial.sizes.beforeEnd);
        return {};
      default:
        logAtOnce(contender, trial.sizes.beforeEnd);
        return endBy(trial.mode);
    }
  },
};

async function finish(trial: Trial, contender: Contender, logged: number) {
  await contender.end();
  await trial.arrived(logged);
  const admitted = contender.dropped?.();
  return admitted === undefined ? {} : { admitted };
}

async function outage(trial: Trial, contender: Contender) {
  trial.started();
  const durationMs = trial.sizes.outageMs + 2 * outageMarginMs;
  return finish(trial, contender, await pace(outagePerSecond, durationMs, 0, contender.info));
}

function logAtOnce(contender: Contender, count: number): void {
  for (let id = 0; id < count; id += 1) contender.info(fields(id));
}

/** Never comes back: the driver counts what arrives after the process is gone. */
function endBy(mode: string): Promise<never> {
  if (mode === 'exit') process.exit(0);
  if (mode === 'throw') {
    setImmediate(() => {
      throw new Error('thrown by the bench');
    });
  }
  if (mode === 'sigterm') process.kill(process.pid, 'SIGTERM');
  return new Promise(() => undefined);
}
