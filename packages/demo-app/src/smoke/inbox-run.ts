// A route's run against inboxes: one for each route, so that a record or a credential on the wrong one shows.

import { startInbox } from 'otlp-inbox';
import { direct, inboxEnvironment } from '../environment.ts';
import { checkCredentials } from './check-credentials.ts';
import { checkSent } from './check-sent.ts';
import { checkShown } from './check-shown.ts';
import { Checks } from './checks.ts';
import { checkEnd, expectedCount, type Report } from './report.ts';
import { type Run, runShop } from './shop-run.ts';

export async function smokeInbox(asked: Run): Promise<Report> {
  const { route } = asked;
  const checks = new Checks();
  const inboxes = {
    direct: await startInbox({ port: 0, auth: direct }),
    alloy: await startInbox({ port: 0 }),
  };
  try {
    const env = inboxEnvironment(process.env, {
      direct: inboxes.direct.url,
      alloy: inboxes.alloy.url,
    });
    const run = await runShop(asked, env, checks);
    const { requests, records } = inboxes[route];
    const count = expectedCount(run.played);
    checkEnd(run.end, route, count, checks);
    checks.equal('records at the inbox', records.length, count);
    checkSent(records, run.played, run, checks);
    checkShown(
      records.map(({ timestampNs, line, labels, metadata }) => {
        return { timestampNs, line, fields: { ...labels, ...metadata } };
      }),
      run.played,
      run.resource,
      checks,
    );
    checkCredentials(route, requests, checks);
    const other = inboxes[route === 'direct' ? 'alloy' : 'direct'].requests.length;
    checks.equal('requests on the other route', other, 0);
    return { route, ledger: run.end.ledger, checks, notes: [] };
  } finally {
    await Promise.all([inboxes.direct.close(), inboxes.alloy.close()]);
  }
}
