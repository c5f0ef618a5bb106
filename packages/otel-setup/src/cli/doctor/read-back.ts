// Asks Loki for the record that was sent: stored is what can be found.

import { cleanWords } from '../../deliver/words.ts';
import { spanOf } from '../../health/words.ts';
import type { RouteExamination } from './examination.ts';
import { type Finding, good, skipped, warning, wrong } from './finding.ts';
import { httpGet } from './http-get.ts';
import { setting } from './paste.ts';
import { idInLoki, type TestRecord } from './test-record.ts';
import { pause, within } from './within.ts';

export const readVariables = {
  url: 'GRAFANA_CLOUD_LOKI_URL',
  user: 'GRAFANA_CLOUD_LOKI_USER',
  token: 'GRAFANA_CLOUD_READ_TOKEN',
} as const;

interface Reader {
  /** Without a slash at its end. */
  readonly base: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Found without being named: it may be no Loki. */
  readonly isGuess: boolean;
}

const pollMs = 500;

export async function readBack(
  record: TestRecord,
  examination: RouteExamination,
): Promise<Finding> {
  const { config, stepMs, world } = examination;
  const reader = findReader(examination);
  if (reader === undefined) {
    const { token, url, user } = readVariables;
    return skipped(
      'read-back',
      `In Grafana's Explore this query shows the record: ${queryOf(record)} - set ${url} (https://logs-prod-<n>.grafana.net), ${user} and ${token} (scope logs:read) to have the record read back.`,
    );
  }
  if (!URL.canParse(reader.base)) return cannotRead(reader, 0, 'it is no URL', examination);
  const startedMs = world.clock.monotonic();
  const finding = await within(world.clock, stepMs, (signal) =>
    ask(reader, record, examination, signal),
  );
  if (finding !== 'late') return finding;
  return warning('read-back', {
    code: 'OTEL_SETUP_NOT_READ_BACK',
    message: `Loki answers, and has not shown the record within ${spanOf(world.clock.monotonic() - startedMs)}.`,
    fix: 'Search for it in a minute. If it does not come: another stack or tenant is asked than records are sent to, or a rule drops them (Adaptive Logs).',
    paste: config.route === 'alloy' ? [queryOf(record), lineQueryOf(record)] : [queryOf(record)],
  });
}

/** As LogQL, to be pasted into Explore. */
function queryOf({ id, resource }: TestRecord): string {
  const service = JSON.stringify(String(resource['service.name']));
  return `{service_name=${service}} | ${idInLoki}="${id}"`;
}

/**
 * By way of `otelcol.exporter.loki` the record is one line of JSON, and its service the job, behind the
 * namespace where there is one.
 */
function lineQueryOf({ id, resource }: TestRecord): string {
  const service = String(resource['service.name']).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return `{service_name=~${JSON.stringify(`(.+/)?${service}`)}} |= "${id}"`;
}

/** The variables, else a Loki of one's own, which answers where it takes records. */
function findReader({ config, endpoint, host }: RouteExamination): Reader | undefined {
  const values = host.env;
  const base = values[readVariables.url]?.trim();
  const tenant = endpoint.headers['x-scope-orgid'];
  const scope = tenant === undefined ? {} : { 'x-scope-orgid': tenant };
  if (base !== undefined && base !== '') {
    const user = values[readVariables.user]?.trim() ?? '';
    const token = values[readVariables.token]?.trim() ?? '';
    const pair = Buffer.from(`${user}:${token}`).toString('base64');
    const authorization = token === '' ? {} : { authorization: `Basic ${pair}` };
    return { base: baseOf(base), headers: { ...scope, ...authorization }, isGuess: false };
  }
  const isOwnLoki =
    config.route === 'direct' && /\/otlp\/v1\/logs$/.test(new URL(endpoint.url).pathname);
  const isCloud = /(^|\.)grafana\.net$/.test(new URL(endpoint.url).hostname);
  if (!isOwnLoki || isCloud) return undefined;
  return { base: baseOf(endpoint.url), headers: endpoint.headers, isGuess: true };
}

function baseOf(url: string): string {
  return url.replace(/\/(?:otlp\/v1\/logs|loki\/api\/v1\/push)?$/, '');
}

async function ask(
  reader: Reader,
  record: TestRecord,
  examination: RouteExamination,
  signal: AbortSignal,
): Promise<Finding> {
  const { config, secrets, world } = examination;
  const byAlloy = config.route === 'alloy' ? [lineQueryOf(record)] : [];
  const queries = [queryOf(record), ...byAlloy];
  const startedMs = world.clock.monotonic();
  for (let round = 0; !signal.aborted; round++) {
    const query = queries[round % queries.length] ?? '';
    const url = queryUrl(reader, query, record);
    const options = { config, world, headers: reader.headers, signal };
    const { status, text } = await httpGet(url, options);
    if (reader.isGuess && [401, 403, 404, 405].includes(status)) {
      return skipped('read-back', `${reader.base} answers no queries (HTTP ${status}).`);
    }
    if (status !== 200) {
      const words = cleanWords(text, [...secrets, ...Object.values(reader.headers)]);
      return cannotRead(reader, status, words, examination);
    }
    if (text.includes(record.id)) {
      const took = spanOf(world.clock.monotonic() - startedMs);
      return good('read-back', `Loki shows the record (after ${took}): ${query}`);
    }
    await pause(world, pollMs / queries.length);
  }
  return skipped('read-back', 'Given up.');
}

function queryUrl({ base }: Reader, query: string, { timeMs }: TestRecord): string {
  const url = new URL(`${base}/loki/api/v1/query_range`);
  url.search = new URLSearchParams({
    query,
    start: `${timeMs - 60_000}000000`,
    end: `${timeMs + 60_000}000000`,
    limit: '1',
  }).toString();
  return url.href;
}

function cannotRead(
  { base }: Reader,
  status: number,
  words: string,
  { host }: RouteExamination,
): Finding {
  const said = status === 0 ? words : `HTTP ${status}${words === '' ? '' : `: ${words}`}`;
  const { token, url, user } = readVariables;
  const isNumber = /^\d+$/.test(host.env[user]?.trim() ?? '');
  const paste =
    status === 401 || status === 403
      ? [...(isNumber ? [] : [setting(user, '<number>')]), setting(token, '<token glc_...>')]
      : [setting(url, 'https://logs-prod-<n>.grafana.net')];
  return wrong('read-back', {
    code: 'OTEL_SETUP_NOT_READ_BACK',
    message: `${URL.parse(base)?.origin ?? readVariables.url} does not let the record be read back (${said}).`,
    fix: `Check ${url}, ${user} (the number of the stack's Loki, another than the OTLP instance id) and ${token} (an access policy token with the scope logs:read).`,
    paste,
  });
}
