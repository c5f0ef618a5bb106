// Hot path: runs on the caller's thread for every record that a limiting rule looks at.
// Token buckets, one for each level, so that a flood of one level costs no other its records.

/** Six levels, and records without one. */
const buckets = 7;

/** @param monotonic milliseconds that never go back */
export function createTokenBuckets(
  { perSecond, burst }: { readonly perSecond: number; readonly burst: number },
  monotonic: () => number,
): (severityNumber: number | undefined) => boolean {
  const tokens = new Float64Array(buckets).fill(burst);
  const filledAt = new Float64Array(buckets).fill(monotonic());
  return (severityNumber) => {
    const bucket = severityNumber ? Math.min(buckets - 1, Math.ceil(severityNumber / 4)) : 0;
    const now = monotonic();
    const added = ((now - (filledAt[bucket] ?? now)) * perSecond) / 1_000;
    const filled = Math.min(burst, (tokens[bucket] ?? 0) + added);
    filledAt[bucket] = now;
    const isPassed = filled >= 1;
    tokens[bucket] = isPassed ? filled - 1 : filled;
    return isPassed;
  };
}
