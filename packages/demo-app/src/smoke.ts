// `npm run smoke`: the shop on each route, every kind of request, every field of every record checked.

import { randomUUID } from 'node:crypto';
import { realRoutes } from './environment.ts';
import { smokeInbox } from './smoke/inbox-run.ts';
import { smokeReal } from './smoke/real-run.ts';
import type { Report } from './smoke/report.ts';
import { ledgerLine } from './words.ts';

/** Problems beyond these say nothing new. */
const shownProblems = 20;

const runId = `smoke-${randomUUID().slice(0, 8)}`;
const real = Object.entries(realRoutes(process.env)) as ['direct' | 'alloy', string][];
const reports: Report[] = [];

if (real.length === 0) {
  say('No endpoint is set: both routes lead to local inboxes that answer as Loki does.');
  reports.push(await smokeInbox('direct', runId), await smokeInbox('alloy', runId));
}
for (const [route, setting] of real) {
  say(`The route ${route} leads to what ${setting} names.`);
  reports.push(await smokeReal(route, runId));
}
for (const report of reports) print(report);
const failed = reports.some(({ checks }) => checks.problems.length > 0);
say(failed ? 'Something is missing or altered.' : 'Nothing is missing, nothing is altered.');
process.exitCode = failed ? 1 : 0;

function print({ route, ledger, checks, notes }: Report): void {
  const { count, problems } = checks;
  say(`${route}: ${ledger === undefined ? 'no ledger' : ledgerLine(ledger)}`);
  say(`${route}: ${count} checks, ${problems.length} failed`);
  for (const problem of problems.slice(0, shownProblems)) say(`  - ${problem}`);
  if (problems.length > shownProblems) say(`  - and ${problems.length - shownProblems} more`);
  for (const note of notes) say(`${route}: ${note}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
