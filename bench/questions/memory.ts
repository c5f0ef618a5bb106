// How much memory does the process hold at its peak in a burst?

import { readFileSync } from 'node:fs';
import { burst, warmUp } from '../load.ts';
import type { Question } from '../question.ts';

export const question: Question = {
  name: 'memory',
  runs: (asked) => Math.min(asked, 3),
  measure: async ({ sizes, load, arrived }) => {
    const contender = await load();
    await warmUp(contender, sizes.warmUp);
    await burst(sizes.burst, sizes.warmUp, contender.info);
    await contender.end();
    const peakMiB = peakKiB() / 1_024;
    await arrived(sizes.warmUp + sizes.burst);
    return { peakMiB };
  },
};

/** maxRSS survives exec on Linux and would be the driver's where that is larger; VmHWM is this program's own. */
function peakKiB(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
}
