// What does a record cost, delivery included: CPU time of the main thread, and of the whole process with its workers.

import { burst, warmUp } from '../load.ts';
import type { Question } from '../question.ts';

export const question: Question = {
  name: 'cpu',
  runs: (asked) => asked,
  measure: async ({ sizes, load, arrived }) => {
    const contender = await load();
    await warmUp(contender, sizes.warmUp);
    const main = mainThreadUs();
    const all = process.cpuUsage();
    await burst(sizes.burst, sizes.warmUp, contender.info);
    await contender.end();
    await arrived(sizes.warmUp + sizes.burst);
    const { user, system } = process.cpuUsage(all);
    return {
      mainUs: (mainThreadUs() - main) / sizes.burst,
      processUs: (user + system) / sizes.burst,
    };
  },
};

/** Node 23.9 and later; its types are those of the oldest Node that the package supports. */
type WithThreadUsage = { threadCpuUsage(): { user: number; system: number } };

function mainThreadUs(): number {
  const { user, system } = (process as unknown as WithThreadUsage).threadCpuUsage();
  return user + system;
}
