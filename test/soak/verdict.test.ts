import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Arrivals } from './arrivals.ts';
import { judgeFlat } from './flat.ts';
import { isExact } from './sample.ts';

const resource = Buffer.from('resource');
const bytesOf = (nr: number): Buffer => Buffer.from(`record ${nr}`);

function arrived(numbers: readonly number[]): Arrivals {
  const arrivals = new Arrivals();
  for (const nr of numbers) arrivals.add(nr, 'one', bytesOf(nr), resource);
  return arrivals;
}

it('the soak sees a record that is missing, and one that nobody logged', () => {
  const all = arrived([0, 1, 2, 3]);
  assert.deepEqual(all.judge([{ first: 0, last: 3 }]), {
    accepted: 4,
    arrived: 4,
    lost: 0,
    invented: 0,
  });
  assert.equal(arrived([0, 1, 3]).judge([{ first: 0, last: 3 }]).lost, 1);
  assert.equal(arrived([0, 1, 2, 3, 9]).judge([{ first: 0, last: 3 }]).invented, 1);
});

it('the soak takes the record in the making at a kill as accepted when it arrives', () => {
  const verdict = arrived([0, 1, 2]).judge([{ first: 0, last: 1 }]);
  assert.deepEqual(verdict, { accepted: 3, arrived: 3, lost: 0, invented: 0 });
});

it('the soak sees a repeat that was altered, in the record or in its resource', () => {
  const arrivals = arrived([0, 1, 2]);
  arrivals.add(1, 'one', bytesOf(1), resource);
  assert.deepEqual([arrivals.repeats, arrivals.altered], [1, 0]);
  arrivals.add(1, 'one', Buffer.from('record I'), resource);
  arrivals.add(2, 'one', bytesOf(2), Buffer.from('another'));
  assert.deepEqual([arrivals.repeats, arrivals.altered], [3, 2]);
});

it('the soak sees records of one process that changed places', () => {
  assert.equal(arrived([0, 2, 1, 3]).disordered, 1);
  const arrivals = arrived([0, 100_000]);
  arrivals.add(50, 'another process', bytesOf(50), resource);
  assert.equal(arrivals.disordered, 0);
});

it('the soak tells a leak from a figure that goes up and down, and silence from both', () => {
  const allowance = { quantile: 0.5, slack: 5, share: 0.1 };
  const waves = Array.from({ length: 90 }, (_, at) => 100 + (at % 10));
  const leak = waves.map((value, at) => value + at);
  assert.equal(judgeFlat('waves', waves, allowance).isFlat, true);
  assert.equal(judgeFlat('leak', leak, allowance).isFlat, false);
  assert.equal(judgeFlat('nothing', [], allowance).isFlat, false);
});

it('the soak sees a ledger that is one off', () => {
  const ledger = { accepted: 10, delivered: 7, pending: 2, dropped: { rejected: 1 } };
  assert.equal(isExact(ledger), true);
  assert.equal(isExact({ ...ledger, delivered: 8 }), false);
  assert.equal(isExact({ ...ledger, delivered: 10, pending: -1 }), false);
});
