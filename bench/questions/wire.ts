// How many bytes travel per record? The receiver counts them, headers included.

import { burst } from '../load.ts';
import type { Question } from '../question.ts';

export const question: Question = {
  name: 'wire',
  runs: (asked) => Math.min(asked, 2),
  measure: async ({ sizes, load, arrived }) => {
    const contender = await load();
    await burst(sizes.burst, 0, contender.info);
    await contender.end();
    await arrived(sizes.burst);
    return {};
  },
};
