// The LogQL queries of all pages: each line of a logql block, and each query in the prose and in tables.

import type { Page } from '../docs/page.ts';

export interface PageQuery {
  readonly place: string;
  readonly query: string;
}

/** A query begins with a selector, a metric's function before one, or (a part of one) with a pipe. */
const isQuery = (code: string): boolean =>
  /^\{\w+(?:=~?|![=~])"/.test(code) ||
  /^(?:[a-z_]+\b[^{}`]*)\(.*\{\w+(?:=~?|![=~])"/.test(code) ||
  /^\| \w+ ?(?:=~?|![=~]|[<>]=?|==) ?["\d]/.test(code);

export function queriesOf(page: Page): PageQuery[] {
  const blocks = page.blocks
    .filter(({ language }) => language === 'logql')
    .flatMap(({ text, line }) =>
      text.split('\n').map((query, index) => ({ query: query.trim(), line: line + 1 + index })),
    )
    .filter(({ query }) => query !== '');
  const prose = page.prose.split('\n').flatMap((text, index) => {
    // Within a table's cell a pipe has a backslash before it.
    const isRow = text.trimStart().startsWith('|');
    return Array.from(text.matchAll(/(?<!`)`([^`]+)`(?!`)/g), ([, code = '']) => ({
      query: isRow ? code.replaceAll('\\|', '|') : code,
      line: index + 1,
    })).filter(({ query }) => isQuery(query));
  });
  return [...blocks, ...prose].map(({ query, line }) => ({
    place: `${page.path}:${line}`,
    query,
  }));
}

/** The query as it is put to the demo's Loki: examples of values are replaced by values of its records. */
export function askedOfDemo(
  query: string,
  row: Readonly<Record<string, string | undefined>>,
): string {
  const whole = query.startsWith('|') ? `{service_name="shop"} ${query}` : query;
  return whole
    .replace('"<your service>"', '"shop"')
    .replaceAll('$__auto', '5m')
    .replace(/\b(trace_id|requestId|service_version)="[^"]+"/g, (same, name: string) =>
      row[name] === undefined ? same : `${name}="${row[name]}"`,
    );
}

/** Queries for records that the demo does not write, with the reason. Loki is asked them all the same. */
export const ofOtherRecords: readonly (readonly [RegExp, string])[] = [
  [/\{(?:application|job)="/, 'labels of a service that came from another library'],
  [/application="".*orderId="42"/, "an order of docs/migration's programs, whose test asks it"],
  [/\bdoctor_id="\.+"/, 'the record of a run of the doctor'],
  [/service_name="alloy"/, "Alloy's own lines"],
  [/ user="\d+"| scope_name="app\.db"/, 'a service in Python'],
  [/^\| a="1"/, "docs/values.md's own records, which test/real/values.test.ts asks for"],
  [/labels_tenant=/, "winston-loki's labels"],
  [/^\| winston_level="audit"/, 'a level of its own'],
  [/^absent_over_time\(\{service_name="shop"/, 'it answers when the shop is silent'],
];
