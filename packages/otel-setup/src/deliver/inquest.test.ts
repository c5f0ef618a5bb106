// Poisoned batches: what is found, what it costs, and what is never given up.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from './answer.ts';
import {
  answer,
  type Bench,
  log,
  randomFrom,
  rpcStatus,
  type Seen,
  startBench,
} from './harness.test.ts';

const refusal = (): Answer => answer(400, rpcStatus(3, 'cannot parse the field'));

function upToWithout(count: number, ...left: number[]): number[] {
  return Array.from({ length: count }, (_, i) => i + 1).filter((seq) => !left.includes(seq));
}

/** An endpoint that refuses what holds one of `poisons`, and stores nothing of it. */
function poisoned(poisons: readonly number[], bad: () => Answer): (seen: Seen) => Answer {
  return ({ seqs }) => {
    if (seqs.length === 0) return answer(422, rpcStatus(3, 'no records'));
    return seqs.some((seq) => poisons.includes(seq)) ? bad() : answer(204);
  };
}

async function run(bench: Bench, minutes: number): Promise<void> {
  for (let i = 0; i < minutes; i += 1) await bench.clock.advance(60_000);
}

for (let place = 0; place < 20; place += 1) {
  const seq = place === 19 ? 1000 : 1 + ((place * 389) % 1000);
  test(`one poison in 1,000, at ${seq}, costs at most 12 requests and one record`, async () => {
    const bench = startBench({ endpoint: poisoned([seq], refusal) });
    log(bench, 1000, 300);
    await run(bench, 1);
    assert.deepEqual(bench.stored, upToWithout(1000, seq));
    assert.deepEqual(bench.own.quarantined, [
      { seq, reason: 'rejected', words: 'cannot parse the field' },
    ]);
    assert.deepEqual(bench.dropped, { rejected: 1 });
    assert.equal(bench.counts.delivered, 999);
    assert.ok(bench.requests.length <= 12, `${bench.requests.length} requests`);
  });
}

test('several poisons are found, in order', async () => {
  const poisons = [1, 2, 300, 301, 777, 1000];
  const bench = startBench({ endpoint: poisoned(poisons, refusal) });
  log(bench, 1000, 300);
  await run(bench, 1);
  assert.deepEqual(bench.stored, upToWithout(1000, ...poisons));
  assert.deepEqual(bench.dropped, { rejected: 6 });
  assert.deepEqual(
    bench.own.quarantined.map((entry) => entry.seq),
    poisons,
  );
});

test('a thousand poisons cost at most 2,500 requests', async () => {
  const all = Array.from({ length: 1000 }, (_, i) => i + 1);
  const bench = startBench({ endpoint: poisoned(all, refusal) });
  log(bench, 1000, 300);
  await run(bench, 1);
  assert.equal(bench.own.pending, 0);
  assert.deepEqual(bench.dropped, { rejected: 1000 });
  assert.ok(bench.requests.length <= 2500, `${bench.requests.length} requests`);
});

test('an endpoint that refuses everything in the same words loses nothing', async () => {
  let isWrong = true;
  const bench = startBench({
    endpoint: () => (isWrong ? answer(400, 'snappy: corrupt input') : answer(204)),
  });
  log(bench, 1000, 300);
  await run(bench, 3);
  assert.equal(bench.own.pending, 1000);
  assert.deepEqual(bench.dropped, {});
  assert.equal(bench.deliverer.state, 'probing');
  assert.match(bench.notices.at(-1)?.message ?? '', /snappy: corrupt input/);
  isWrong = false;
  await run(bench, 1);
  assert.deepEqual(bench.stored, upToWithout(1000));
});

test('a bisection goes on after an outage in its middle', async () => {
  let count = 0;
  const endpoint = poisoned([333], refusal);
  const bench = startBench({
    endpoint: (seen) => {
      count += 1;
      return count > 3 && count < 8 ? answer(503) : endpoint(seen);
    },
  });
  log(bench, 1000, 300);
  await run(bench, 3);
  assert.deepEqual(bench.stored, upToWithout(1000, 333));
  assert.deepEqual(bench.dropped, { rejected: 1 });
});

test('what was refused after an outage is not told as delivered', async () => {
  let count = 0;
  const endpoint = poisoned([3, 7], refusal);
  const bench = startBench({
    endpoint: (seen) => {
      count += 1;
      return count < 4 ? answer(503) : endpoint(seen);
    },
  });
  log(bench, 10, 300);
  await run(bench, 3);
  assert.deepEqual(bench.dropped, { rejected: 2 });
  assert.deepEqual(bench.recovered.at(-1), '8 records delivered late, 2 refused');
});

test('credentials that end in the middle of a bisection lose nothing', async () => {
  let count = 0;
  const endpoint = poisoned([333], refusal);
  const bench = startBench({
    endpoint: (seen) => {
      count += 1;
      return count === 5 ? answer(401) : endpoint(seen);
    },
  });
  log(bench, 1000, 300);
  await run(bench, 3);
  assert.deepEqual(bench.stored, upToWithout(1000, 333));
  assert.deepEqual(bench.dropped, { rejected: 1 });
});

for (const status of [500, 503]) {
  for (const first of [false, true]) {
    const where = first ? 'the first record of all' : 'a record after others';
    test(`${where} that is answered ${status} for ever is found`, async () => {
      const seq = first ? 1 : 501;
      const bench = startBench({ endpoint: poisoned([seq], () => answer(status, 'no')) });
      if (!first) {
        log(bench, 500, 300);
        await bench.clock.advance(1000);
      }
      log(bench, 500, 300);
      await run(bench, 10);
      if (first && status === 503) {
        // A busy server answers so, too, and nothing has ever passed: no proof, nothing given up.
        assert.equal(bench.own.pending, 500);
        assert.deepEqual(bench.dropped, {});
        return;
      }
      assert.equal(bench.own.pending, 0);
      assert.deepEqual(bench.dropped, { rejected: 1 });
      assert.equal(bench.own.quarantined[0]?.seq, seq);
      assert.equal(new Set(bench.stored).size, first ? 499 : 999);
    });
  }
}

for (let seed = 1; seed <= 40; seed += 1) {
  test(`a server whose every push fails while an empty one passes loses and repeats nothing, seed ${seed}`, async () => {
    let isWrong = true;
    const bench = startBench({
      endpoint: ({ seqs }) => {
        if (seqs.length === 0) return answer(422);
        return isWrong ? answer(500, 'at least 2 live ingesters required') : answer(204);
      },
      random: randomFrom(seed),
    });
    log(bench, 1000, 300);
    await run(bench, 30);
    assert.equal(bench.own.pending, 1000);
    assert.deepEqual(bench.dropped, {});
    isWrong = false;
    await run(bench, 1);
    assert.deepEqual(bench.stored, upToWithout(1000));
  });
}

test('a server that is busy at random loses nothing', async () => {
  const random = randomFrom(7);
  const bench = startBench({
    endpoint: ({ seqs }) => {
      if (seqs.length === 0) return answer(200);
      return random() < 0.9 ? answer(503, 'sending queue is full') : answer(204);
    },
    random,
  });
  for (let minute = 0; minute < 120; minute += 1) {
    log(bench, 200, 300);
    await bench.clock.advance(60_000);
  }
  assert.deepEqual(bench.dropped, {});
  const firsts = bench.stored.filter((seq, i) => bench.stored.indexOf(seq) === i);
  assert.deepEqual(
    firsts,
    firsts.toSorted((a, b) => a - b),
  );
});

test('an outage of equal 500s loses nothing', async () => {
  let isUp = false;
  const bench = startBench({ endpoint: () => (isUp ? answer(204) : answer(500)) });
  for (let s = 0; s < 60; s += 1) {
    log(bench, 20, 300);
    await bench.clock.advance(1000);
  }
  isUp = true;
  await run(bench, 1);
  assert.deepEqual(bench.stored, upToWithout(1200));
  assert.deepEqual(bench.dropped, {});
});
