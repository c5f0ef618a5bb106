// Whether a figure stays where it is: its last third beside its second. The first is for warming up.

export interface Flatness {
  readonly name: string;
  readonly before: number;
  readonly after: number;
  readonly isFlat: boolean;
}

export interface Allowance {
  /** Of the sorted samples of a third, the one so far up: 0 the lowest, 0.5 the median. */
  readonly quantile: number;
  /** What may be added without being growth. */
  readonly slack: number;
  /** The same as a share of the figure. */
  readonly share: number;
}

export function judgeFlat(
  name: string,
  samples: readonly number[],
  { quantile, share, slack }: Allowance,
): Flatness {
  const third = Math.floor(samples.length / 3);
  const before = at(samples.slice(third, 2 * third), quantile);
  const after = at(samples.slice(2 * third), quantile);
  return { name, before, after, isFlat: after <= before * (1 + share) + slack };
}

function at(samples: readonly number[], quantile: number): number {
  const sorted = [...samples].sort((one, other) => one - other);
  // Without a sample nothing is shown: that is no flat line.
  return sorted[Math.floor((sorted.length - 1) * quantile)] ?? Number.NaN;
}
