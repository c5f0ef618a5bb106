// A route's run against what the environment names: Grafana Cloud, a Loki, an Alloy.

import { checkShown } from './check-shown.ts';
import { Checks } from './checks.ts';
import { queryOf, readBack } from './read-back.ts';
import { checkEnd, expectedCount, type Report } from './report.ts';
import { type Run, runShop } from './shop-run.ts';

/** How long a record may take until a query finds it. */
const readBackTimeoutMs = 30_000;

export async function smokeReal(asked: Run): Promise<Report> {
  const { route, stop } = asked;
  const checks = new Checks();
  // Each route its own run id, so that one query finds one route's records.
  const ownId = `${asked.runId}-${route}`;
  const run = await runShop({ ...asked, runId: ownId }, process.env, checks);
  const count = expectedCount(run.played);
  checkEnd(run.end, route, count, checks);
  const notes = [`${count} records in Grafana: ${queryOf(ownId)}`];
  const lokiUrl = process.env.LOKI_QUERY_URL;
  if (lokiUrl === undefined || lokiUrl === '') {
    notes.push('not read back: LOKI_QUERY_URL is not set');
  } else {
    const entries = await readBack({
      lokiUrl,
      tenant: process.env.LOKI_QUERY_TENANT,
      runId: ownId,
      sinceMs: run.startedMs,
      count,
      timeoutMs: readBackTimeoutMs,
      stop,
    });
    checks.equal('entries read back from Loki', entries.length, count);
    checkShown(entries, run.played, run.resource, checks);
    notes.push(`${entries.length} read back from Loki`);
  }
  return { route, ledger: run.end.ledger, checks, notes };
}
