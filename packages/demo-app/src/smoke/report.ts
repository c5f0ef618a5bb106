// What a run on one route found.

import type { Route } from '../environment.ts';
import type { Ledger, ShopEnd } from '../shop-process.ts';
import { droppedOf } from '../words.ts';
import type { Checks } from './checks.ts';
import type { Played } from './play.ts';

export interface Report {
  readonly route: Route;
  readonly ledger: Ledger | undefined;
  readonly checks: Checks;
  readonly notes: readonly string[];
}

/** The records that a whole run must leave behind: those of the requests, and the shop's first and last. */
export function expectedCount(played: readonly Played[]): number {
  return played.reduce((sum, request) => sum + request.records.length, 2);
}

/** Everything was delivered, by the shop's own ledger, and the shop ended as it should. */
export function checkEnd(end: ShopEnd, route: Route, count: number, checks: Checks): void {
  checks.equal('exit code of the shop', end.code ?? end.signal, 0);
  checks.equal('route', end.ledger?.route, route);
  checks.equal('accepted', end.ledger?.accepted, count);
  checks.equal('delivered', end.ledger?.delivered, count);
  checks.equal('pending', end.ledger?.pending, 0);
  checks.equal('dropped', end.ledger === undefined ? undefined : droppedOf(end.ledger), 0);
}
