// What does a call cost that is below the logger's level?

import { quantile } from '../load.ts';
import type { Question } from '../question.ts';
import { fields } from '../record.ts';

const rounds = 20;

export const question: Question = {
  name: 'disabled',
  runs: (asked) => asked,
  measure: async ({ sizes, load, arrived }) => {
    const contender = await load();
    const record = fields(0);
    const calls = Math.ceil(sizes.disabledCalls / rounds);
    const tookUs: number[] = [];
    // The first round compiles and is not counted.
    for (let round = 0; round <= rounds; round += 1) {
      const began = performance.now();
      for (let call = 0; call < calls; call += 1) contender.debug(record);
      if (round > 0) tookUs.push(((performance.now() - began) * 1_000) / calls);
    }
    await contender.end();
    await arrived(0);
    return { us: quantile(tookUs, 0.5) };
  },
};
