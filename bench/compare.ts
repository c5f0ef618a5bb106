// One contender's figure against its goal.

import type { ContenderName } from './contender.ts';
import type { Row } from './goals.ts';
import type { Results } from './results.ts';

export interface Comparison {
  /** The median, without what the load itself costs where the row says so. */
  readonly value: number | undefined;
  /** To stock; undefined where the row is not a ratio or stock has no figure. */
  readonly ratio: number | undefined;
  /** Smallest and largest ratio of a single round. */
  readonly range: readonly [number, number] | undefined;
}

export type Verdict = 'pass' | 'miss' | 'counted' | undefined;

export function compare(results: Results, row: Row, contender: ContenderName): Comparison {
  const value = netMedian(results, row, contender);
  const stock = netMedian(results, row, 'stock');
  if (row.kind !== 'ratio' || value === undefined || !isMeasurable(stock)) {
    return { value, ratio: undefined, range: undefined };
  }
  return { value, ratio: value / stock, range: rangeOf(results, row, contender) };
}

/** `counted`: records were given up for want of memory, and the ledger names each of them. */
export function judge(
  results: Results,
  row: Row,
  durability: 'record' | 'memory',
  { value, ratio }: Comparison,
): Verdict {
  const goal = row.goal?.[durability];
  const measured = row.kind === 'ratio' ? ratio : value;
  if (goal === undefined || measured === undefined) return undefined;
  if (measured <= goal) return 'pass';
  const admitted = results.median(`ours-${durability}`, `${row.figure}Admitted`);
  // A request whose answer the outage cut off has arrived and is counted as dropped all the same.
  const isCounted = admitted !== undefined && admitted >= measured;
  return row.kind === 'lost' && durability === 'memory' && isCounted ? 'counted' : 'miss';
}

/** A difference that is not above nothing says only that the machine was busy. */
function isMeasurable(stock: number | undefined): stock is number {
  return stock !== undefined && stock > 0;
}

function netMedian(results: Results, row: Row, contender: ContenderName): number | undefined {
  const gross = results.median(contender, row.figure);
  if (gross === undefined || row.overNone !== true) return gross;
  return gross - (results.median('none', row.figure) ?? 0);
}

/** Round by round, because the machine drifts. Not for differences: a round's own may be next to nothing. */
function rangeOf(results: Results, row: Row, contender: ContenderName): Comparison['range'] {
  if (row.overNone === true) return undefined;
  const stock = results.of('stock', row.figure);
  const ratios = results
    .of(contender, row.figure)
    .map((value, round) => value / (stock[round] ?? Number.NaN))
    .filter(Number.isFinite);
  return ratios.length > 1 ? [Math.min(...ratios), Math.max(...ratios)] : undefined;
}
