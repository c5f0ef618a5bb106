import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ledgerLine } from './words.ts';

test('the ledger line names what was dropped and why', () => {
  const ledger = { route: 'direct', accepted: 10, delivered: 6, pending: 1 };
  assert.equal(
    ledgerLine({ ...ledger, dropped: { disk_cap: 2, too_old: 1 } }),
    'accepted 10, delivered 6, pending 1, dropped 3 (disk_cap 2, too_old 1)',
  );
});

test('on the Alloy route the ledger line says only that Alloy has the records', () => {
  assert.equal(
    ledgerLine({ route: 'alloy', accepted: 2, delivered: 2, pending: 0, dropped: {} }),
    'accepted 2, handed to Alloy 2, pending 0, dropped 0',
  );
});
