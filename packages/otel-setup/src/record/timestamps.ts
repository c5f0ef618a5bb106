// Hot path: runs on the caller's thread for every record.
// Nanosecond timestamps no two of which are equal: Loki merges records that share one.

import type { HrTime } from '@opentelemetry/api';

/** A step back by more than this is a clock that was set, and is followed. */
const followedStepMs = 1_000;

/**
 * Strictly rising timestamps from a clock of milliseconds: +1 ns while it stands still or stutters.
 * After the clock was set back the new time is right, and its nanoseconds begin elsewhere, so that
 * a millisecond lived through twice does not repeat a timestamp.
 */
export function createTimestamps(now: () => number): () => HrTime {
  let lastMs = 0;
  let nanos = 0;
  let start = 0;
  return () => {
    const ms = Math.floor(now());
    if (ms > lastMs) {
      lastMs = ms;
      nanos = start;
    } else if (lastMs - ms > followedStepMs) {
      start = (start + 7_919) % 500_000;
      lastMs = ms;
      nanos = start;
    } else {
      nanos++;
      if (nanos === 1_000_000) {
        lastMs++;
        nanos = start;
      }
    }
    const seconds = Math.floor(lastMs / 1000);
    return [seconds, (lastMs - seconds * 1000) * 1_000_000 + nanos];
  };
}
