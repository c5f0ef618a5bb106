// How long does an application's start wait for import and set-up?

import type { Question } from '../question.ts';
import { fields } from '../record.ts';

export const question: Question = {
  name: 'cold-start',
  runs: (asked) => asked,
  measure: async ({ load, arrived }) => {
    const cpu = process.cpuUsage();
    const began = performance.now();
    const contender = await load();
    const ready = performance.now();
    const { user, system } = process.cpuUsage(cpu);
    contender.info(fields(0));
    const called = performance.now();
    await contender.end();
    await arrived(1);
    return { ms: ready - began, cpuMs: (user + system) / 1_000, firstCallMs: called - ready };
  },
};
