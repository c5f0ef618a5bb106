// The audit sees each fault it is there for.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Audit, audit } from './audit.ts';
import type { Load } from './load.ts';
import type { Loki, LokiRow } from './loki.ts';

function row(nr: number, changed: Partial<LokiRow> = {}): LokiRow {
  return {
    time: BigInt(nr),
    line: `step ${nr} of p1`,
    fields: {
      run: 'p1',
      nr: String(nr),
      path: `/orders/${nr}/items`,
      user_id: String(nr % 997),
      user_tags: '["a","b"]',
      ms: String(nr / 8),
      detected_level: 'info',
    },
    ...changed,
  };
}

async function auditOf(
  rows: readonly LokiRow[],
  options: { stored?: number; wasKilled?: boolean },
) {
  const loki = {
    query: async () => rows,
    count: async () => options.stored ?? rows.length,
  } as unknown as Loki;
  const load = { run: 'p1', accepted: 3, wasKilled: options.wasKilled ?? false } as Load;
  return await audit(loki, 'steady', [load]);
}

const faultless: Audit = {
  accepted: 3,
  found: 3,
  lost: new Map(),
  shownTwice: 0,
  shownInShards: 0,
  storedTwice: 0,
  wrong: [],
  disordered: 0,
};

describe('the audit', () => {
  it('has nothing to say of three records that are all there', async () => {
    assert.deepEqual(await auditOf([row(0), row(1), row(2)], {}), faultless);
  });

  it('names a record that is missing', async () => {
    const seen = await auditOf([row(0), row(2)], {});
    assert.deepEqual(seen, { ...faultless, found: 2, lost: new Map([['p1', [1]]]) });
  });

  it('counts what is shown twice, and what is only stored twice', async () => {
    const seen = await auditOf([row(0), row(1), row(1), row(2)], { stored: 5 });
    assert.deepEqual(seen, { ...faultless, shownTwice: 1, storedTwice: 2 });
  });

  it('tells copies in different shards from those that are not equal', async () => {
    const fields = { ...row(1).fields, __stream_shard__: '0' };
    const equal = await auditOf([row(0), row(1), row(1, { fields }), row(2)], {});
    assert.deepEqual(equal, { ...faultless, shownInShards: 1, storedTwice: 1 });
    const later = await auditOf([row(0), row(1), row(1, { fields, time: 2n }), row(2)], {});
    assert.deepEqual(later, { ...faultless, shownTwice: 1, storedTwice: 1 });
  });

  it('shows a row whose line or field was altered, and counts its record as lost', async () => {
    for (const changed of [{ line: 'step 1' }, { fields: { ...row(1).fields, ms: '0' } }]) {
      const seen = await auditOf([row(0), row(1, changed), row(2)], {});
      assert.equal(seen.wrong.length, 1);
      assert.deepEqual(seen.lost, new Map([['p1', [1]]]));
    }
  });

  it('shows a row that nobody logged', async () => {
    const strange = row(1, { fields: { run: 'p9', nr: '1' } });
    assert.equal((await auditOf([row(0), row(1), strange, row(2)], {})).wrong.length, 1);
  });

  it('counts rows that are out of order', async () => {
    assert.deepEqual(await auditOf([row(0), row(2), row(1)], {}), { ...faultless, disordered: 1 });
  });

  it('allows one record more than the journal says to a killed process only', async () => {
    const rows = [row(0), row(1), row(2), row(3)];
    assert.deepEqual(await auditOf(rows, { wasKilled: true }), { ...faultless, found: 4 });
    assert.equal((await auditOf(rows, {})).wrong.length, 1);
  });
});
