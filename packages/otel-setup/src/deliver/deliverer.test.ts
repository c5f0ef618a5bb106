import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from './answer.ts';
import { answer, FakeQueue, log, type Seen, settled, startBench } from './harness.test.ts';

const ok = (): Answer => answer(204);
const refused: Answer = {
  type: 'failure',
  kind: 'refused',
  message: 'connection refused (ECONNREFUSED)',
  code: 'ECONNREFUSED',
};

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i + 1);
}

test('a few records go in one request, the linger after the first', async () => {
  const bench = startBench({ endpoint: ok });
  log(bench, 3, 300);
  await bench.clock.advance(499);
  assert.equal(bench.requests.length, 0);
  await bench.clock.advance(1);
  assert.deepEqual(bench.stored, [1, 2, 3]);
  assert.equal(bench.own.pending, 0);
  assert.equal(bench.counts.delivered, 3);
  assert.equal(bench.deliverer.lastSuccessMs, bench.clock.now());
});

test('a full request goes at once', async () => {
  const bench = startBench({ endpoint: ok });
  log(bench, 1000, 300);
  await bench.clock.advance(0);
  assert.equal(bench.requests.length, 1);
});

test('requests fill up while records come fast, and else take what came in 500 ms', async () => {
  const bench = startBench({
    endpoint: async () => {
      await new Promise<void>((resolve) => bench.clock.setTimeout(resolve, 20));
      return answer(204);
    },
  });
  const run = async (perMs: number, ms: number) => {
    const from = bench.requests.length;
    for (let at = 0; at < ms; at++) {
      log(bench, perMs, 300);
      await bench.clock.advance(1);
    }
    return bench.requests.slice(from).map((request) => request.bytes);
  };
  const rush = await run(100, 300);
  assert.ok(
    rush.slice(2).every((bytes) => bytes > 850_000),
    String(rush),
  );
  await bench.clock.advance(1_000);
  const steady = await run(3, 1_800);
  assert.ok(
    steady.slice(1).every((bytes) => bytes > 420_000 && bytes < 520_000),
    String(steady),
  );
});

test('a backlog that one request cannot hold goes on at once', async () => {
  const bench = startBench({
    limits: { maxBytes: 150_000 },
    endpoint: async () => {
      await new Promise<void>((resolve) => bench.clock.setTimeout(resolve, 20));
      return answer(204);
    },
  });
  log(bench, 2_400, 300);
  await bench.clock.advance(200);
  assert.ok(bench.own.pendingBytes < 262_144, `${bench.own.pendingBytes} bytes wait`);
});

test('batches grow with what is waiting, in order, one request in flight', async () => {
  let most = 0;
  const bench = startBench({
    endpoint: async () => {
      most = Math.max(most, bench.counts.inFlight);
      await new Promise<void>((resolve) => bench.clock.setTimeout(resolve, 200));
      return answer(204);
    },
  });
  for (let ms = 0; ms < 3000; ms += 10) {
    log(bench, 50, 300);
    await bench.clock.advance(10);
  }
  await bench.clock.advance(1000);
  assert.deepEqual(bench.stored, upTo(15_000));
  assert.equal(most, 1);
  assert.ok(bench.requests.length < 20, `${bench.requests.length} requests`);
  assert.ok(bench.requests.every((request) => request.bytes <= 1_000_000));
});

test('a trouble is told as over once all that waited has arrived, in one line for all its faces', async () => {
  const faces = [refused, answer(503), answer(204), answer(503), answer(429)];
  let at = 0;
  const endpoint = () => faces[at++] ?? answer(204);
  const bench = startBench({ endpoint, random: () => 0.5 });
  log(bench, 20_000, 300);
  while (at < 3) await bench.clock.advance(20);
  assert.ok(bench.own.pending > 0 && bench.own.pending < 20_000, `${bench.own.pending}`);
  assert.deepEqual(bench.recovered, []);
  await bench.clock.advance(120_000);
  assert.equal(bench.own.pending, 0);
  assert.deepEqual(bench.recovered, [
    'OTEL_SETUP_UNREACHABLE',
    'OTEL_SETUP_SERVER_ERROR',
    'OTEL_SETUP_RATE_LIMITED',
    '20,000 records delivered late',
  ]);
});

test('an outage keeps everything in order and is told as over', async () => {
  let isUp = false;
  const bench = startBench({ endpoint: () => (isUp ? answer(204) : refused) });
  for (let s = 0; s < 600; s += 1) {
    log(bench, 10, 300);
    await bench.clock.advance(1000);
  }
  assert.ok(bench.deliverer.routeIsDown);
  assert.equal(bench.deliverer.state, 'backing-off');
  // Full jitter up to 30 s: some 40 attempts in ten minutes, never a storm.
  assert.ok(bench.requests.length < 120, `${bench.requests.length} requests`);
  isUp = true;
  await bench.clock.advance(31_000);
  assert.deepEqual(bench.stored, upTo(6000));
  assert.ok(!bench.deliverer.routeIsDown);
  assert.deepEqual(bench.recovered, ['OTEL_SETUP_UNREACHABLE', '6,000 records delivered late']);
  assert.match(bench.notices[0]?.message ?? '', /refuses connections .*ECONNREFUSED/);
});

test('idle and backing off hold no process', async () => {
  const bench = startBench({ endpoint: () => refused });
  log(bench, 1, 300);
  assert.equal(bench.clock.refs, 0);
  await bench.clock.advance(10_000);
  assert.equal(bench.clock.refs, 0);
  assert.equal(bench.clock.timers.size, 1);
  const drained = bench.deliverer.drain(1000);
  assert.equal(bench.clock.refs, 1);
  await bench.clock.advance(1000);
  assert.deepEqual(await drained, { delivered: 0, pending: 1 });
});

test('a drain sends at once and ends when its own records are settled', async () => {
  const bench = startBench({
    endpoint: async () => {
      await new Promise<void>((resolve) => bench.clock.setTimeout(resolve, 100));
      return answer(204);
    },
  });
  log(bench, 5, 300);
  const first = bench.deliverer.drain(10_000);
  await bench.clock.advance(50);
  log(bench, 7, 300);
  const second = bench.deliverer.drain(10_000);
  await bench.clock.advance(50);
  assert.deepEqual(await first, { delivered: 5, pending: 7 });
  await bench.clock.advance(100);
  assert.deepEqual(await second, { delivered: 12, pending: 0 });
  assert.deepEqual(await bench.deliverer.drain(1000), { delivered: 0, pending: 0 });
});

test('a drain until failure ends with the first failed attempt', async () => {
  const bench = startBench({ endpoint: () => refused });
  log(bench, 5, 300);
  const drained = bench.deliverer.drain(2000, { untilFailure: true });
  await settled();
  assert.deepEqual(await drained, { delivered: 0, pending: 5 });
  assert.equal(bench.clock.timeMs, 0);
});

test('a drain until failure ends at once while the server has ordered a wait', async () => {
  const bench = startBench({ endpoint: () => answer(429, '', { retryAfter: '60' }) });
  log(bench, 5, 300);
  await bench.clock.advance(300);
  const drained = await bench.deliverer.drain(2000, { untilFailure: true });
  assert.deepEqual(drained, { delivered: 0, pending: 5 });
  assert.equal(bench.requests.length, 1);
});

test('a drain in a back-off makes an attempt, and a thousand drains make no storm', async () => {
  let isUp = false;
  const bench = startBench({ endpoint: () => (isUp ? answer(204) : refused), random: () => 1 });
  log(bench, 5, 300);
  await bench.clock.advance(60_000);
  const before = bench.requests.length;
  for (let i = 0; i < 1000; i += 1) {
    const drained = bench.deliverer.drain(5);
    await bench.clock.advance(10);
    await drained;
  }
  assert.ok(bench.requests.length - before <= 20, `${bench.requests.length - before} requests`);
  isUp = true;
  const drained = bench.deliverer.drain(10_000);
  await bench.clock.advance(600);
  assert.deepEqual(await drained, { delivered: 5, pending: 0 });
});

test('stop aborts the request in flight and sends nothing more', async () => {
  const bench = startBench({ endpoint: () => new Promise(() => undefined) });
  log(bench, 5, 300);
  const drained = bench.deliverer.drain(10_000);
  await settled();
  assert.equal(bench.deliverer.state, 'sending');
  await bench.deliverer.stop();
  assert.deepEqual(await drained, { delivered: 0, pending: 5 });
  log(bench, 5, 300);
  await bench.clock.advance(60_000);
  assert.equal(bench.requests.length, 1);
  assert.equal(bench.notices.length, 0);
  assert.equal(bench.clock.timers.size, 0);
});

test('stop ends a replay of orphans as well', async () => {
  const bench = startBench({
    endpoint: () => new Promise(() => undefined),
    orphans: [filled(10)],
  });
  bench.deliverer.wakeOrphans();
  await bench.clock.advance(2000);
  assert.equal(bench.requests.length, 1);
  await bench.deliverer.stop();
  await bench.clock.advance(60_000);
  assert.equal(bench.requests.length, 1);
});

test('an error of our own is told and does not end delivery', async () => {
  const bench = startBench({ endpoint: ok });
  const take = bench.own.take.bind(bench.own);
  bench.own.take = () => {
    throw new Error('broken');
  };
  log(bench, 1, 300);
  await bench.clock.advance(1000);
  assert.equal(bench.notices[0]?.code, 'OTEL_SETUP_DELIVERY_ERROR');
  bench.own.take = take;
  await bench.clock.advance(31_000);
  assert.deepEqual(bench.stored, [1]);
});

test('an adopted queue is delivered beside the own one', async () => {
  const seen: Seen[] = [];
  const bench = startBench({
    endpoint: (request) => {
      seen.push(request);
      return answer(204);
    },
    orphans: [filled(1000)],
  });
  bench.deliverer.wakeOrphans();
  log(bench, 10, 300);
  await bench.clock.advance(5000);
  assert.equal(bench.counts.delivered, 1010);
});

function filled(count: number): FakeQueue {
  const queue = new FakeQueue({ monotonic: () => 0 } as never, true);
  for (let i = 0; i < count; i += 1) queue.add(300);
  return queue;
}
