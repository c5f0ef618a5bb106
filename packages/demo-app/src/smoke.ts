// `npm run smoke`: the shop on each route, every kind of request, every field of every record checked.

import { randomUUID } from 'node:crypto';
import { realRoutes } from './environment.ts';
import { smokeInbox } from './smoke/inbox-run.ts';
import { smokeReal } from './smoke/real-run.ts';
import type { Report } from './smoke/report.ts';
import { ledgerLine } from './words.ts';

/** Problems beyond these say nothing new. */
const shownProblems = 20;

const usage = `npm run smoke

Takes no options. GRAFANA_CLOUD_* or ALLOY_OTLP_ENDPOINT make it test the real thing, LOKI_QUERY_URL
lets it read the records back. Without them both routes lead to local inboxes.
`;

const [option] = process.argv.slice(2);
const stop = new AbortController();
if (option === undefined) await run();
else {
  const isHelp = option === '--help' || option === '-h';
  (isHelp ? process.stdout : process.stderr).write(usage);
  process.exitCode = isHelp ? 0 : 2;
}

async function run(): Promise<void> {
  // The shop is a process of its own and has a spool: both end before we do. A second Ctrl-C ends at once.
  process.once('SIGINT', () => interrupt(130));
  process.once('SIGTERM', () => interrupt(143));
  try {
    const reports = await smoke();
    for (const report of reports) print(report);
    const failed = reports.some(({ checks }) => checks.problems.length > 0);
    say(failed ? 'Something is missing or altered.' : 'Nothing is missing, nothing is altered.');
    process.exitCode ??= failed ? 1 : 0;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    say('Interrupted: nothing was checked to its end.');
  }
}

function interrupt(exitCode: number): void {
  process.exitCode = exitCode;
  stop.abort();
}

async function smoke(): Promise<Report[]> {
  const runId = `smoke-${randomUUID().slice(0, 8)}`;
  const asked = { runId, stop: stop.signal };
  const real = Object.entries(realRoutes(process.env)) as ['direct' | 'alloy', string][];
  const reports: Report[] = [];
  if (real.length === 0) {
    say('No endpoint is set: both routes lead to local inboxes that answer as Loki does.');
    reports.push(await smokeInbox({ route: 'direct', ...asked }));
    reports.push(await smokeInbox({ route: 'alloy', ...asked }));
  }
  for (const [route, setting] of real) {
    say(`The route ${route} leads to what ${setting} names.`);
    reports.push(await smokeReal({ route, ...asked }));
  }
  return reports;
}

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
