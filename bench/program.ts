// The measured process: one contender, one question. Arguments: contender, question, JSON of the rest.

import { once } from 'node:events';
import type { ContenderName, Setting, Setup } from './contender.ts';
import type { Figures, Question, QuestionName, Sizes, Trial } from './question.ts';

export interface Task extends Setting {
  readonly contender: ContenderName;
  readonly question: QuestionName;
  readonly mode: string;
  readonly sizes: Sizes;
}

/** What the program tells the driver; the driver's only answer means: settled. */
export type Message =
  | { readonly type: 'started' }
  | { readonly type: 'logged'; readonly count: number }
  | { readonly type: 'figures'; readonly figures: Figures };

const task = JSON.parse(process.argv[2] ?? '') as Task;
const tell = (message: Message) => process.send?.(message);
// Keeps the process alive: while a worker thread ends, nothing else does.
process.on('message', () => undefined);

const trial: Trial = {
  sizes: task.sizes,
  mode: task.mode,
  load: async () => {
    const { setup } = (await import(`./contenders/${task.contender}.ts`)) as { setup: Setup };
    return setup({ endpoint: task.endpoint, directory: task.directory });
  },
  started: () => tell({ type: 'started' }),
  arrived: async (count) => {
    const settled = once(process, 'message');
    tell({ type: 'logged', count });
    await settled;
  },
};

const module = (await import(`./questions/${task.question}.ts`)) as { question: Question };
tell({ type: 'figures', figures: await module.question.measure(trial) });
