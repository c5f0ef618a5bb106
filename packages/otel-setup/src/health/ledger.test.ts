import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Ledger } from './ledger.ts';
import type { DropReason, RecordCounts, SpoolStats } from './stats.ts';

const spool: SpoolStats = {
  mode: 'record',
  directory: '/var/spool/x',
  pendingBytes: 10,
  diskBytes: 20,
  maxBytes: 30,
  oldestMs: undefined,
};

const reasons: DropReason[] = ['disk_cap', 'memory_cap', 'rejected', 'too_old', 'corrupt'];

function tallyOf(counts: RecordCounts): number[] {
  const dropped = Object.values(counts.dropped).reduce((sum, count) => sum + count, 0);
  return [counts.accepted, counts.delivered, counts.pending, dropped];
}

// The model moves single records between three heaps.
class Model {
  waiting = 0;
  delivered = 0;
  dropped = 0;

  take(count: number, into: 'delivered' | 'dropped'): number {
    const taken = Math.min(count, this.waiting);
    this.waiting -= taken;
    this[into] += taken;
    return taken;
  }

  get tally(): number[] {
    const accepted = this.waiting + this.delivered + this.dropped;
    return [accepted, this.delivered, this.waiting, this.dropped];
  }
}

const steps = fc.array(
  fc.record({
    kind: fc.constantFrom('accept', 'deliver', 'drop'),
    adopted: fc.boolean(),
    count: fc.integer({ min: 1, max: 50 }),
    reason: fc.constantFrom(...reasons),
  }),
  { maxLength: 60 },
);

interface Step {
  readonly kind: 'accept' | 'deliver' | 'drop';
  readonly adopted: boolean;
  readonly count: number;
  readonly reason: DropReason;
}

function play(step: Step, ledger: Ledger, model: Model): void {
  const { kind, adopted, count, reason } = step;
  if (kind === 'accept') {
    model.waiting += count;
    if (adopted) ledger.adopted(count);
    else ledger.hot.accepted += count;
  } else if (kind === 'deliver') {
    ledger.delivered(model.take(count, 'delivered'), 0, adopted);
  } else {
    ledger.dropped(reason, model.take(count, 'dropped'), adopted);
  }
}

test('ledger accounts for each record of any history, own and adopted, after each step', () => {
  fc.assert(
    fc.property(steps, (history) => {
      const ledger = new Ledger('direct', () => 0);
      const models = { own: new Model(), adopted: new Model() };
      for (const step of history) {
        play(step, ledger, step.adopted ? models.adopted : models.own);
        const stats = ledger.stats(spool);
        assert.deepEqual(tallyOf(stats), models.own.tally);
        assert.deepEqual(tallyOf(stats.adopted), models.adopted.tally);
      }
    }),
  );
});

test('stats are a frozen snapshot that later counting does not change', () => {
  const ledger = new Ledger('direct', () => 1_700_000_000_000);
  ledger.hot.accepted += 5;
  ledger.hot.encodedBytes += 500;
  ledger.delivered(2, 120);
  ledger.dropped('too_old', 1);
  ledger.billed(450, 'service_name=shop');
  ledger.billed(50, 'service_name=shop');
  ledger.redacted('jwt', 2);
  ledger.changed('renamed', 3);
  ledger.processed('noise', 7);
  const stats = ledger.stats(spool);
  ledger.delivered(2, 120);
  ledger.dropped('too_old', 1);
  assert.deepEqual(stats, {
    accepted: 5,
    delivered: 2,
    pending: 2,
    dropped: { too_old: 1 },
    route: 'direct',
    processed: { noise: 7 },
    redacted: { jwt: 2 },
    changed: { renamed: 3 },
    bytes: { encoded: 500, sent: 120, billed: 500 },
    streams: 1,
    freeTier: { bytesPerMonth: 50_000_000_000, streams: 5_000 },
    adopted: { accepted: 0, delivered: 0, pending: 0, dropped: {} },
    lastSuccess: new Date(1_700_000_000_000),
    spool,
  });
  for (const part of [
    stats,
    stats.dropped,
    stats.processed,
    stats.bytes,
    stats.adopted,
    stats.spool,
  ]) {
    assert.ok(Object.isFrozen(part));
  }
});

test('stats of a new process hold no reason, no rule and no success', () => {
  const stats = new Ledger('alloy', () => 0).stats(spool);
  assert.deepEqual([stats.dropped, stats.processed, stats.changed], [{}, {}, {}]);
  assert.equal(stats.lastSuccess, undefined);
});

test('a rule named __proto__ is counted like any other', () => {
  const ledger = new Ledger('direct', () => 0);
  ledger.processed('__proto__', 4);
  assert.deepEqual(Object.entries(ledger.stats(spool).processed), [['__proto__', 4]]);
});
