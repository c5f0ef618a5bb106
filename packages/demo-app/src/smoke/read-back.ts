// Reads a run's records back from Loki by LogQL.

import type { ShownEntry } from './check-shown.ts';

interface Answer {
  data: { result: { stream: Record<string, string>; values: [string, string][] }[] };
}

export function queryOf(runId: string): string {
  return `{service_name="shop"} | smoke_run="${runId}"`;
}

/**
 * Asks until `count` entries are there or `timeoutMs` is over, and gives what was found. User and
 * password may stand in the URL; the tenant is Loki's `X-Scope-OrgID`.
 */
export async function readBack(options: {
  readonly lokiUrl: string;
  readonly tenant: string | undefined;
  readonly runId: string;
  readonly sinceMs: number;
  readonly count: number;
  readonly timeoutMs: number;
  readonly stop: AbortSignal;
}): Promise<ShownEntry[]> {
  const { lokiUrl, tenant, runId, sinceMs, count, timeoutMs, stop } = options;
  const base = new URL(lokiUrl);
  const headers: Record<string, string> = tenant === undefined ? {} : { 'x-scope-orgid': tenant };
  if (base.username !== '') {
    const pair = `${decodeURIComponent(base.username)}:${decodeURIComponent(base.password)}`;
    headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
    base.username = '';
    base.password = '';
  }
  const url = new URL(`${base.href.replace(/\/$/, '')}/loki/api/v1/query_range`);
  url.search = new URLSearchParams({
    query: queryOf(runId),
    start: `${sinceMs - 1000}000000`,
    limit: '1000',
    direction: 'forward',
  }).toString();
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    stop.throwIfAborted();
    const entries = await query(url, headers);
    if (entries.length >= count || Date.now() > deadline) return entries;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function query(url: URL, headers: Record<string, string>): Promise<ShownEntry[]> {
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(20_000) });
  if (!answer.ok) {
    throw new Error(`Loki answered ${answer.status} to the query: ${(await answer.text()).trim()}`);
  }
  const { data } = (await answer.json()) as Answer;
  return data.result.flatMap(({ stream, values }) =>
    values.map(([time, line]) => ({ timestampNs: BigInt(time), line, fields: stream })),
  );
}
