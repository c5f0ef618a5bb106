// How long do others wait for the event loop while an application logs 5,000 records a second?

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pace, warmUp } from '../load.ts';
import type { Question } from '../question.ts';

const perSecond = 5_000;

export const question: Question = {
  name: 'loop-delay',
  runs: (asked) => asked,
  measure: async ({ sizes, load, arrived }) => {
    const contender = await load();
    await warmUp(contender, sizes.warmUp);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const logged = await pace(perSecond, sizes.paceMs, sizes.warmUp, contender.info);
    delay.disable();
    await contender.end();
    await arrived(sizes.warmUp + logged);
    return {
      p50Ms: delay.percentile(50) / 1e6,
      p99Ms: delay.percentile(99) / 1e6,
      maxMs: delay.max / 1e6,
    };
  },
};
