// Reads every case back from the real Loki and compares it with what the page says that Loki shows.

import type { StoredRecord } from 'otlp-inbox';
import type { Loki, LokiRow } from '../real/loki.ts';
import { groups } from './cases.ts';
import { collect } from './collect.ts';
import { ownFields, showFound } from './show.ts';

/** One text for each case that Loki shows in another way. */
export async function readBack(loki: Loki): Promise<string[]> {
  const arrived = await collect('ours', loki.url);
  const count = arrived.reduce((sum, { records }) => sum + records.length, 0);
  const rows = await loki.waitFor('{service_name="shop"} | scope_name!="case"', count);
  const byTime = new Map(rows.map((row) => [row.time, row]));
  return groups
    .flatMap(({ cases }) => cases)
    .flatMap((one, i) =>
      (arrived[i]?.records ?? []).flatMap((stored) => {
        const expected = showFound(one, stored.line, ownFields(stored));
        const found = shownBy(byTime.get(stored.timestampNs), stored, one);
        return found === expected ? [] : [`${one.name}: Loki shows\n${found}\nnot\n${expected}`];
      }),
    );
}

function shownBy(
  row: LokiRow | undefined,
  stored: StoredRecord,
  one: Parameters<typeof showFound>[0],
): string {
  return row === undefined ? 'nothing' : showFound(one, row.line, ownFields(stored, row.fields));
}
