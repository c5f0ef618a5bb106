// The two shapes of load: a burst that gives the loop a turn now and then, and a steady rate.

import { setImmediate } from 'node:timers/promises';
import type { Contender } from './contender.ts';
import { type Fields, fields } from './record.ts';

const callsPerTurn = 100;
const tickMs = 2;

export async function burst(
  count: number,
  firstId: number,
  call: (fields: Fields) => void,
): Promise<void> {
  for (let done = 0; done < count; ) {
    const end = Math.min(count, done + callsPerTurn);
    for (; done < end; done += 1) call(fields(firstId + done));
    await setImmediate();
  }
}

/** Logs the first records, so that code is compiled and connections are open, and sends them. */
export async function warmUp(contender: Contender, count: number): Promise<void> {
  await burst(count, 0, contender.info);
  await contender.flush();
}

/** Calls at `perSecond` for `durationMs`; a tick that comes late catches up. Gives the number of calls. */
export function pace(
  perSecond: number,
  durationMs: number,
  firstId: number,
  call: (fields: Fields) => void,
): Promise<number> {
  const total = Math.floor((perSecond * durationMs) / 1_000);
  const beganAt = performance.now();
  let done = 0;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(total, Math.floor(((performance.now() - beganAt) * perSecond) / 1_000));
      for (; done < due; done += 1) call(fields(firstId + done));
      if (done < total) return;
      clearInterval(timer);
      resolve(done);
    }, tickMs);
  });
}

/** The value below which `share` (0 to 1) of the values lie. */
export function quantile(values: Float64Array | readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  const index = Math.min(sorted.length - 1, Math.floor(share * sorted.length));
  return sorted[index] ?? Number.NaN;
}
