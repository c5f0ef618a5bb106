// How the demo and the smoke test say what became of the records.

import type { Ledger } from './shop-process.ts';

/** The ledger as one line. On the route `alloy`, delivered means handed to Alloy. */
export function ledgerLine(ledger: Ledger): string {
  const delivered = ledger.route === 'alloy' ? 'handed to Alloy' : 'delivered';
  const reasons = Object.entries(ledger.dropped).map(([reason, count]) => `${reason} ${count}`);
  const why = reasons.length === 0 ? '' : ` (${reasons.join(', ')})`;
  return [
    `accepted ${ledger.accepted}`,
    `${delivered} ${ledger.delivered}`,
    `pending ${ledger.pending}`,
    `dropped ${droppedOf(ledger)}${why}`,
  ].join(', ');
}

export function droppedOf(ledger: Ledger): number {
  return Object.values(ledger.dropped).reduce((sum, count) => sum + count, 0);
}
