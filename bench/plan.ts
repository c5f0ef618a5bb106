// What the command line asks for.

import { readOptions, refuse } from '../test/command-options.ts';
import { type ContenderName, contenderNames } from './contender.ts';
import { type QuestionName, questionNames, type Sizes } from './question.ts';

const full: Sizes = {
  warmUp: 5_000,
  burst: 100_000,
  // Longer than the 5 s between two batches of the Loki transports.
  paceMs: 5_500,
  disabledCalls: 200_000,
  outageMs: 30_000,
  beforeEnd: 1_000,
};
const quick: Sizes = { ...full, paceMs: 1_500, outageMs: 3_000 };

export interface Plan {
  readonly rounds: number;
  readonly contenders: readonly ContenderName[];
  readonly questions: readonly QuestionName[];
  readonly sizes: Sizes;
  readonly jsonFile: string | undefined;
}

export function readPlan(): Plan {
  const known: readonly string[] = [...contenderNames, ...questionNames];
  const usage = `npm run bench [-- --quick --runs <5> --only <names> --json <file>]
  names, with commas: ${known.join(', ')}`;
  const values = readOptions(usage, {
    quick: { type: 'boolean', default: false },
    runs: { type: 'string' },
    only: { type: 'string' },
    json: { type: 'string' },
  });
  const rounds = Number(values.runs ?? (values.quick ? 1 : 5));
  if (!Number.isInteger(rounds) || rounds < 1) refuse(usage, '--runs takes a number from 1.');
  const names = values.only?.split(',').map((name) => name.trim()) ?? [];
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    refuse(usage, `--only takes these names, not ${unknown.join(', ')}.`);
  }
  const contenders = contenderNames.filter((name) => names.includes(name));
  const questions = questionNames.filter((name) => names.includes(name));
  const baseline = (name: ContenderName) => name === 'none' || name === 'stock';
  return {
    rounds,
    // Without these two there is no ratio.
    contenders: contenderNames.filter(
      (name) => contenders.length === 0 || contenders.includes(name) || baseline(name),
    ),
    questions: questions.length === 0 ? questionNames : questions,
    sizes: values.quick ? quick : full,
    jsonFile: values.json,
  };
}
