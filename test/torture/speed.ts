// A process whose minutes of waiting take seconds, while its attempts keep their real time.

import type { StartOptions } from './case.ts';
import { isStock } from './settings.ts';

const attemptMs = 10_000;

/** @param speed how many ms pass for the process in one */
export function sped(speed: number): Pick<StartOptions, 'faults' | 'options'> {
  if (isStock) return {};
  return { faults: { clock: { speed } }, options: { timeoutMs: attemptMs * speed } };
}
