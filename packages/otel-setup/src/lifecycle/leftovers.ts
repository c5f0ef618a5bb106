// What dead processes left, at an end: a process that is over sooner than its replay begins would leave it to the
// next one, and that to the next.

import type { Clock } from '../world.ts';
import { within } from './within.ts';

export interface Leftovers {
  readonly clock: Clock;
  /** Own records that wait. */
  pending(): number;
  /** There are records of dead processes, and a route to send them. */
  hasOrphans(): boolean;
  /** Resolves when these are sent, or at the next failure. */
  replay(): Promise<void>;
}

/** Once all own records are sent; for at most `timeoutMs`. */
export async function sendLeftovers(leftovers: Leftovers, timeoutMs: number): Promise<void> {
  const { clock, hasOrphans, pending, replay } = leftovers;
  if (timeoutMs <= 0 || pending() > 0 || !hasOrphans()) return;
  await within(clock, timeoutMs, replay);
}
