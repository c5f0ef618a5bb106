// This machine's clock beside the server's, which stands in each of its answers.

import type { Clock } from '../world.ts';
import type { Answer } from './answer.ts';
import { httpDate } from './retry-after.ts';

const tellMs = 5 * 60_000;
const apartMs = 5_000;
const steadyMs = 2_000;

/** By how many ms ours is ahead (below 0: behind); undefined where the answer tells no time. */
export function skewMs(answer: Answer, nowMs: number): number | undefined {
  if (answer.type !== 'answer' || answer.headers.date === undefined) return undefined;
  const serverMs = httpDate(answer.headers.date);
  return serverMs === undefined ? undefined : nowMs - serverMs;
}

/**
 * Tells a clock that is 5 min off or more, once: when two answers at least 5 s apart agree, so that a clock
 * which is being set, or a cache's answer, is no reason.
 */
export class ClockWatch {
  readonly #clock: Clock;
  readonly #tell: (skewMs: number) => void;
  #first: { readonly skewMs: number; readonly atMs: number } | undefined;
  #isTold = false;

  constructor(clock: Clock, tell: (skewMs: number) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  look(answer: Answer): void {
    if (this.#isTold) return;
    const found = skewMs(answer, this.#clock.now());
    if (found === undefined) return;
    const atMs = this.#clock.monotonic();
    const first = this.#first;
    if (first === undefined || Math.abs(found - first.skewMs) > steadyMs) {
      this.#first = { skewMs: found, atMs };
      return;
    }
    if (Math.abs(found) < tellMs || atMs - first.atMs < apartMs) return;
    this.#isTold = true;
    this.#tell(found);
  }
}
