// Every query of docs/logql.md and docs/cost.md, of the dashboard and of the alert rules finds something among the demo's records.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { lokiWithDemo, sendGap } from './grafana-demo.ts';
import { asked, filledIn } from './grafana-files.ts';
import type { Loki } from './loki.ts';
import { missing } from './programs.ts';

const onPages = ['logql.md', 'cost.md'].flatMap((name) => {
  const page = readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8');
  return [...page.matchAll(/```logql\n(.*?)\n```/gs)].map(([, query = '']) => query);
});
/** The id that the page has as an example. */
const trace = '0af7651916cd43dd8448eb211c80319c';

const isMetric = (query: string): boolean => !query.startsWith('{');

/** How many rows or series there are; Loki's refusal is an error. */
async function found(loki: Loki, query: string): Promise<number> {
  if (!isMetric(query)) return (await loki.query(query)).length;
  const parameters = new URLSearchParams({ query });
  const response = await fetch(`${loki.url}/loki/api/v1/query?${parameters}`);
  const text = await response.text();
  assert.ok(response.ok, `${query}: ${text}`);
  const { data } = JSON.parse(text) as { data: { result: { value: [number, string] }[] } };
  return data.result.filter(({ value }) => Number(value[1]) > 0).length;
}

/** The queries that find nothing, each tried until it does, for 10 s in all. */
async function empty(loki: Loki, queries: readonly string[]): Promise<string[]> {
  const deadline = Date.now() + 10_000;
  const none: string[] = [];
  for (const query of queries) {
    let count = await found(loki, query);
    while (count === 0 && Date.now() < deadline) {
      await delay(250);
      count = await found(loki, query);
    }
    if (count === 0) none.push(query);
  }
  return none;
}

it('every query of the pages, the dashboard and the alert rules finds records of the demo', {
  skip: missing('loki'),
}, async (t) => {
  const loki = await lokiWithDemo(t);
  await sendGap(loki.url);
  const [row] = await loki.waitFor('{service_name="shop"} | detected_level="error"', 1);
  const traceId = row?.fields.trace_id ?? '';
  assert.match(traceId, /^[0-9a-f]{32}$/);

  assert.ok(onPages.length >= 15);
  const pageQueries = onPages.map((query) => query.replace(trace, traceId));
  assert.deepEqual(await empty(loki, pageQueries), [], 'docs');

  // The rule for silence with seconds in place of its minutes.
  const queries = asked('logs').map(({ query }) => filledIn(query).replaceAll('15m', '2s'));
  const silence = queries.filter((query) => query.includes('offset 2s'));
  assert.equal(silence.length, 1);
  const others = asked('logs').map(({ query }) => filledIn(query));
  assert.ok(others.length > 12);
  const rest = others.filter((query) => !query.includes('offset'));
  assert.deepEqual(await empty(loki, [...rest, ...silence]), [], 'deploy/grafana');

  assert.equal(await found(loki, '{service_name="nobody"}'), 0);
});
