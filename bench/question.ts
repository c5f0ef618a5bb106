// What each of questions/*.ts provides: it runs in the measured process, once per contender and round.

import type { Contender } from './contender.ts';

export interface Sizes {
  /** Records before anything is measured. */
  readonly warmUp: number;
  /** Records of a burst, with a loop turn after every hundredth. */
  readonly burst: number;
  /** How long the loop's delay is watched at a steady rate. */
  readonly paceMs: number;
  /** Calls below the logger's level. */
  readonly disabledCalls: number;
  readonly outageMs: number;
  /** Records before the process ends by exit, throw or signal. */
  readonly beforeEnd: number;
}

export type Figures = Readonly<Record<string, number>>;

export interface Trial {
  readonly sizes: Sizes;
  /** Further word to the question; the losses use it. */
  readonly mode: string;
  /** Imports the contender and sets it up. */
  load(): Promise<Contender>;
  /** Tells the driver that the load begins. */
  started(): void;
  /** Resolves when the receiver has all `logged` records, or nothing more comes. */
  arrived(logged: number): Promise<void>;
}

export interface Question {
  readonly name: string;
  /** How many of the rounds asked for are worth their time. */
  runs(asked: number): number;
  measure(trial: Trial): Promise<Figures>;
}

export const questionNames = [
  'cpu',
  'latency',
  'loop-delay',
  'memory',
  'wire',
  'cold-start',
  'disabled',
  'loss',
] as const;

export type QuestionName = (typeof questionNames)[number];
