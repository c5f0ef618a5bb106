// Every query of the pages, of the dashboard and of the alert rules finds something among the demo's records.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { readPage, readPages } from '../docs/page.ts';
import { lokiWithDemo, sendGap } from './grafana-demo.ts';
import { asked, filledIn } from './grafana-files.ts';
import type { Loki } from './loki.ts';
import { askedOfDemo, ofOtherRecords, queriesOf } from './page-queries.ts';
import { missing } from './programs.ts';

const onPages = readPages().flatMap(queriesOf);
const isOfOthers = (query: string): boolean =>
  ofOtherRecords.some(([pattern]) => pattern.test(query));

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
  assert.match(row?.fields.trace_id ?? '', /^[0-9a-f]{32}$/);
  const ofDemo = (query: string) => askedOfDemo(query, row?.fields ?? {});

  const demos = onPages.filter(({ query }) => !isOfOthers(query));
  assert.ok(demos.length >= 40, `${demos.length} queries`);
  const none = await empty(loki, [...new Set(demos.map(({ query }) => ofDemo(query)))]);
  const places = demos.filter(({ query }) => none.includes(ofDemo(query)));
  assert.deepEqual(places, [], 'pages');
  // Loki refuses what is no query; that it finds nothing is right here.
  for (const { query } of onPages.filter(({ query }) => isOfOthers(query)))
    await found(loki, ofDemo(query));

  // The rule for silence with seconds in place of its minutes.
  const queries = asked('logs').map(({ query }) => filledIn(query).replaceAll('15m', '2s'));
  const silence = queries.filter((query) => query.includes('offset 2s'));
  assert.equal(silence.length, 1);
  const others = asked('logs').map(({ query }) => filledIn(query));
  assert.ok(others.length > 12);
  const rest = others.filter((query) => !query.includes('offset'));
  assert.deepEqual(await empty(loki, [...rest, ...silence]), [], 'deploy/grafana');

  // What this test would not let pass.
  assert.equal(await found(loki, '{service_name="nobody"}'), 0);
  assert.equal(await found(loki, '{service_name="shop"} | detected_levle="error"'), 0);
  await assert.rejects(found(loki, '{service_name="shop"} | detected_level=error'));
  await assert.rejects(found(loki, 'sum by (level) (rte({service_name="shop"}[5m]))'));
});

it('a query is found wherever a page has it, and nothing else is taken for one', () => {
  const page = readPage(
    'docs/made-up.md',
    [
      'Ask `{service_name="shop"}`, or a part, `| user="42"`; not `|=`, `{ a: 1 }`, `init({ logger })`.',
      '',
      '| then | now |',
      '|---|---|',
      '| `{job="shop"} \\| json` | `sum(count_over_time({service_name="shop"}[1h]))` |',
      '',
      '   ```logql',
      '   {service_name="shop"}',
      '   sum(rate({service_name="shop"}[$__auto]))',
      '   ```',
    ].join('\n'),
  );
  assert.deepEqual(
    queriesOf(page).map(({ place, query }) => `${place.split(':')[1]} ${query}`),
    [
      '8 {service_name="shop"}',
      '9 sum(rate({service_name="shop"}[$__auto]))',
      '1 {service_name="shop"}',
      '1 | user="42"',
      '5 {job="shop"} | json',
      '5 sum(count_over_time({service_name="shop"}[1h]))',
    ],
  );
  assert.equal(
    askedOfDemo('| trace_id="0af7" | total > 2', { trace_id: '1b' }),
    '{service_name="shop"} | trace_id="1b" | total > 2',
  );
});

it('every exception is one that a page needs', () => {
  const idle = ofOtherRecords.filter(
    ([pattern]) => !onPages.some(({ query }) => pattern.test(query)),
  );
  assert.deepEqual(idle, []);
});
