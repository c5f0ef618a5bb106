// What Loki holds of what was logged: the numbers that log queries find, against those that were accepted.

import type { Load } from './load.ts';
import type { Loki, LokiRow } from './loki.ts';

export interface Audit {
  readonly accepted: number;
  /** Records that a log query shows. */
  readonly found: number;
  /** Accepted records that no log query shows, by process. */
  readonly lost: ReadonlyMap<string, readonly number[]>;
  /** Records that a log query shows more than once. */
  readonly shownTwice: number;
  /**
   * As `shownTwice`, where the copies are equal and stand in different shards of the stream: Loki does not see then
   * that they are copies (https://github.com/grafana/loki/issues/18760).
   */
  readonly shownInShards: number;
  /** Copies that only a metric query counts. */
  readonly storedTwice: number;
  /** Rows that are not what was logged, or were never accepted. */
  readonly wrong: readonly string[];
  /** Rows that stand behind one with a higher number of the same process. */
  readonly disordered: number;
}

const shardLabel = '__stream_shard__';

export const serviceSelector = (service: string): string => `{service_name="${service}"}`;

export const countQuery = (selector: string): string => `sum(count_over_time(${selector} [12h]))`;

export async function audit(loki: Loki, service: string, loads: readonly Load[]): Promise<Audit> {
  const selector = serviceSelector(service);
  const rows = await loki.query(selector);
  const stored = await loki.count(countQuery(selector));
  const wrong: string[] = [];
  const lost = new Map<string, readonly number[]>();
  const sums = { accepted: 0, found: 0, shownTwice: 0, shownInShards: 0, disordered: 0 };
  for (const load of loads) {
    const own = rowsOf(rows, load, wrong);
    const numbers = own.map(numberOf);
    const seen = new Set(numbers);
    const inShards = new Set(own.map(asText)).size - new Set(own.map(asTextWithoutShard)).size;
    const missing = Array.from({ length: load.accepted }, (_, nr) => nr).filter(
      (nr) => !seen.has(nr),
    );
    if (missing.length > 0) lost.set(load.run, missing);
    sums.accepted += load.accepted;
    sums.found += seen.size;
    sums.shownInShards += inShards;
    sums.shownTwice += own.length - seen.size - inShards;
    sums.disordered += numbers.filter((nr, i) => nr < (numbers[i - 1] ?? -1)).length;
  }
  const runs = new Set(loads.map(({ run }) => run));
  wrong.push(...rows.filter(({ fields }) => !runs.has(fields.run ?? '')).map(asText));
  return { ...sums, lost, wrong, storedTwice: stored - sums.found - wrong.length };
}

const numberOf = ({ fields }: LokiRow): number => Number(fields.nr);

function rowsOf(rows: readonly LokiRow[], load: Load, wrong: string[]): LokiRow[] {
  // A killed process may have stored one record more than its journal says: its call had not returned.
  const limit = load.accepted + (load.wasKilled ? 1 : 0);
  const own: LokiRow[] = [];
  for (const row of rows) {
    if (row.fields.run !== load.run) continue;
    if (numberOf(row) < limit && isAsLogged(row, load.run, numberOf(row))) {
      own.push(row);
    } else {
      wrong.push(asText(row));
    }
  }
  return own;
}

function asText({ time, line, fields }: LokiRow): string {
  return JSON.stringify({ time: String(time), line, ...fields });
}

function asTextWithoutShard(row: LokiRow): string {
  const { [shardLabel]: _, ...fields } = row.fields;
  return asText({ ...row, fields });
}

function isAsLogged({ line, fields }: LokiRow, run: string, nr: number): boolean {
  return (
    line === `step ${nr} of ${run}` &&
    fields.path === `/orders/${nr}/items` &&
    fields.user_id === String(nr % 997) &&
    fields.user_tags === '["a","b"]' &&
    Number(fields.ms) === nr / 8 &&
    fields.detected_level === 'info'
  );
}
