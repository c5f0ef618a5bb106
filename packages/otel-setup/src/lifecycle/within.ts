// Waits for work, but not for ever.

import type { Clock } from '../world.ts';

/** Resolves when `work` has settled, either way, or after `timeoutMs`. Keeps the process alive till then. */
export function within(
  clock: Clock,
  timeoutMs: number,
  work: () => Promise<unknown>,
): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.setTimeout(resolve, timeoutMs);
    timer.ref();
    const done = () => {
      clock.clearTimeout(timer);
      resolve();
    };
    Promise.resolve().then(work).then(done, done);
  });
}
