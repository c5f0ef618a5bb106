// How long does one call of logger.info take its caller?

import { burst, quantile, warmUp } from '../load.ts';
import type { Question } from '../question.ts';

export const question: Question = {
  name: 'latency',
  runs: (asked) => asked,
  measure: async ({ sizes, load, arrived }) => {
    const contender = await load();
    await warmUp(contender, sizes.warmUp);
    const tookMs = new Float64Array(sizes.burst);
    let calls = 0;
    await burst(sizes.burst, sizes.warmUp, (fields) => {
      const began = performance.now();
      contender.info(fields);
      tookMs[calls] = performance.now() - began;
      calls += 1;
    });
    await contender.end();
    await arrived(sizes.warmUp + sizes.burst);
    return {
      p50Us: quantile(tookMs, 0.5) * 1_000,
      p99Us: quantile(tookMs, 0.99) * 1_000,
      p999Us: quantile(tookMs, 0.999) * 1_000,
    };
  },
};
