// The replay of orphans beside the process's own records.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from './answer.ts';
import {
  answer,
  type Bench,
  FakeClock,
  FakeQueue,
  log,
  type Seen,
  startBench,
} from './harness.test.ts';

const payload = new Uint8Array(16_384);

function orphanOf(clock: FakeClock, mebibytes: number): FakeQueue {
  const queue = new FakeQueue(clock, true);
  for (let i = 0; i < mebibytes * 64; i += 1) queue.add(payload);
  return queue;
}

function later(clock: FakeClock, ms: number): Promise<void> {
  return new Promise((resolve) => clock.setTimeout(resolve, ms));
}

/** Own requests hold small records, orphans' ones records of 16 KiB. */
function isOrphans(seen: Seen): boolean {
  return seen.bytes / Math.max(1, seen.seqs.length) > 10_000;
}

function sum(requests: readonly Seen[]): number {
  return requests.reduce((bytes, request) => bytes + request.bytes, 0);
}

test('a replay begins at about 512 KB/s, doubles each second, and takes the oldest first', async () => {
  const clock = new FakeClock();
  const orphans = [orphanOf(clock, 8), orphanOf(clock, 8)];
  const bench = startBench({ clock, orphans, endpoint: () => answer(204), random: () => 0.5 });
  bench.deliverer.wakeOrphans();
  await clock.advance(500);
  const perSecond: number[] = [];
  for (let s = 0; s < 4; s += 1) {
    const before = bench.requests.length;
    await clock.advance(1000);
    perSecond.push(sum(bench.requests.slice(before)) / 524_288);
    assert.ok(orphans[0]?.pending === 0 || orphans[1]?.pending === 512);
  }
  const [first = 0, , , fourth = 0] = perSecond;
  assert.ok(first > 0.8 && first < 1.5, `${first} x 512 KB/s at first`);
  assert.ok(fourth > 4 && fourth <= 9, `${fourth} x 512 KB/s in the fourth second`);
  await clock.advance(5000);
  assert.equal(bench.counts.delivered, 1024);
});

test('a failure halves the pace', async () => {
  const clock = new FakeClock();
  let isLimited = false;
  const bench = startBench({
    clock,
    orphans: [orphanOf(clock, 64)],
    endpoint: () => (isLimited ? answer(429) : answer(204)),
    random: () => 0.5,
  });
  bench.deliverer.wakeOrphans();
  await clock.advance(4500);
  const fast = sum(bench.requests.filter((request) => request.atMs >= 3500));
  isLimited = true;
  await clock.advance(3000);
  isLimited = false;
  const failures = bench.notices.length;
  assert.ok(failures >= 2);
  await clock.advance(3000);
  const from = clock.timeMs;
  await clock.advance(1000);
  const slow = sum(bench.requests.filter((request) => request.atMs >= from));
  assert.ok(slow < fast / 2, `${fast} bytes/s before, ${slow} after ${failures} failures`);
});

test('orphans get at most 30 % of a line that the own queue could fill', async () => {
  const clock = new FakeClock();
  let free = 0;
  const bench = startBench({
    clock,
    orphans: [orphanOf(clock, 64)],
    endpoint: async (seen) => {
      // One line of 4 MB/s that both share.
      free = Math.max(free, clock.timeMs) + seen.bytes / 4000;
      await later(clock, free - clock.timeMs);
      return answer(204);
    },
  });
  log(bench, 60_000, 1000);
  bench.deliverer.wakeOrphans();
  await clock.advance(12_000);
  assert.ok(bench.own.pending > 0);
  const share = sum(bench.requests.filter(isOrphans)) / sum(bench.requests);
  assert.ok(share > 0.15 && share <= 0.33, `share ${share}`);
});

test('orphans stand back while the own queue cannot deliver, and go on after', async () => {
  const clock = new FakeClock();
  let isUp = false;
  const bench = startBench({
    clock,
    orphans: [orphanOf(clock, 1)],
    endpoint: (): Answer => (isUp ? answer(204) : answer(503)),
    random: () => 0.9,
  });
  log(bench, 10, 300);
  bench.deliverer.wakeOrphans();
  await clock.advance(120_000);
  assert.ok(bench.requests.filter(isOrphans).length <= 1);
  isUp = true;
  await clock.advance(60_000);
  assert.equal(bench.counts.delivered, 74);
});

test('a poisoned orphan loses its poison and holds up nobody', async () => {
  const clock = new FakeClock();
  const orphans = [orphanOf(clock, 2), orphanOf(clock, 2)];
  const bench = startBench({
    clock,
    orphans,
    endpoint: (seen) => {
      if (seen.seqs.length === 0) return answer(422);
      return isOrphans(seen) && seen.seqs.includes(77) ? answer(400, 'bad') : answer(204);
    },
  });
  bench.deliverer.wakeOrphans();
  log(bench, 10, 300);
  await clock.advance(30_000);
  assert.equal(bench.counts.delivered, 10 + 2 * 127);
  assert.deepEqual(bench.dropped, { rejected: 2 });
});

test('50 processes with 20 MiB each at the 5 MB/s of one tenant: all arrives, no live record waits for 5 s', async () => {
  const clock = new FakeClock();
  const bytesPerMs = 5_000;
  const burstBytes = 7_500_000;
  let tokens = burstBytes;
  let atMs = 0;
  let seed = 42;
  const random = (): number => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const endpoint = async ({ bytes }: Seen): Promise<Answer> => {
    await later(clock, 50 + random() * 50);
    tokens = Math.min(burstBytes, tokens + (clock.timeMs - atMs) * bytesPerMs);
    atMs = clock.timeMs;
    if (tokens < bytes) return answer(429);
    tokens -= bytes;
    return answer(204);
  };
  let longestMs = 0;
  const processes: Bench[] = [];
  const orphans: FakeQueue[] = [];
  for (let i = 0; i < 50; i += 1) {
    const orphan = orphanOf(clock, 20);
    const bench = startBench({ clock, random, orphans: [orphan], endpoint });
    orphans.push(orphan);
    processes.push(bench);
    bench.deliverer.wakeOrphans();
  }
  while (orphans.some((queue) => queue.pending > 0) && clock.timeMs < 600_000) {
    for (const bench of processes) log(bench, 1, 300);
    await clock.advance(100);
    for (const { own } of processes) {
      longestMs = Math.max(longestMs, clock.timeMs - (own.records[0]?.madeMs ?? clock.timeMs));
    }
  }
  // 210 s is what the tenant's limit alone takes.
  assert.ok(clock.timeMs < 300_000, `${clock.timeMs} ms for 1,000 MiB at 5 MB/s`);
  assert.ok(longestMs < 5000, `a live record waited for ${longestMs} ms`);
});

test('whoever waits for a replay has it to its end, or to its next failure', async () => {
  const clock = new FakeClock();
  let isDown = true;
  const bench = startBench({
    clock,
    orphans: [orphanOf(clock, 1)],
    endpoint: () => answer(isDown ? 503 : 204),
    random: () => 0.5,
  });
  const waitFor = (): { over: boolean } => {
    const state = { over: false };
    void bench.deliverer.replay().then(() => {
      state.over = true;
    });
    return state;
  };
  const first = waitFor();
  await clock.advance(1000);
  assert.deepEqual([first.over, bench.counts.delivered], [true, 0]);
  isDown = false;
  const second = waitFor();
  await clock.advance(1000);
  assert.equal(second.over, false);
  await clock.advance(5000);
  assert.deepEqual([second.over, bench.counts.delivered], [true, 64]);
});
