// All figures of one run of the bench, by contender, question and round.

import type { ContenderName } from './contender.ts';
import type { Figures, QuestionName } from './question.ts';

export class Results {
  /** Per contender: `question.figure` to one value a round. */
  readonly values: Partial<Record<ContenderName, Record<string, number[]>>> = {};
  /** What a contender said when it could not be measured. */
  readonly failures: { contender: ContenderName; question: QuestionName; message: string }[] = [];

  add(contender: ContenderName, question: QuestionName, figures: Figures): void {
    const own = this.values[contender] ?? {};
    this.values[contender] = own;
    for (const [name, value] of Object.entries(figures)) {
      const key = `${question}.${name}`;
      own[key] = [...(own[key] ?? []), value];
    }
  }

  of(contender: ContenderName, figure: string): readonly number[] {
    return this.values[contender]?.[figure] ?? [];
  }

  /** The median over the rounds; undefined where it was not measured. */
  median(contender: ContenderName, figure: string): number | undefined {
    const sorted = this.of(contender, figure).toSorted((a, b) => a - b);
    const middle = Math.floor(sorted.length / 2);
    const upper = sorted[middle];
    if (upper === undefined || sorted.length % 2 === 1) return upper;
    return (upper + (sorted[middle - 1] ?? upper)) / 2;
  }
}
