import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Ended,
  runApp,
  runBoth,
  startReceiver,
} from '../../../../test/programs/lifecycle-run.ts';

const short = { naturalMs: 300, exitMs: 300, downMs: 20 };

function statusOf({ code, signal, stdout }: Ended): unknown {
  return { code, signal, stdout };
}

for (const [ending, budgetMs] of [
  ['natural', short.naturalMs],
  ['exit', short.exitMs],
] as const) {
  test(`${ending}: an endpoint that never answers costs the budget and no more`, async () => {
    const receiver = await startReceiver(() => undefined);
    const scenario = { ending, records: 15, timeouts: short };
    const { ours, control } = await runBoth(scenario, receiver);
    await receiver.close();
    // None where a busy machine did not get the thread started within the budget.
    assert.ok(receiver.requests.length <= 1);
    assert.deepEqual(statusOf(ours), statusOf(control));
    assert.match(ours.stderr, /closed with 15 pending/);
    const addedMs = ours.tookMs - control.tookMs;
    assert.ok(addedMs < 10 * budgetMs, `${addedMs} ms`);
  });

  test(`${ending}: a route known to be down is not waited for`, async () => {
    const receiver = await startReceiver(() => undefined);
    const scenario = { ending, records: 15, down: true };
    const { ours, control } = await runBoth(scenario, receiver);
    await receiver.close();
    assert.match(ours.stderr, /closed with 15 pending/);
    const addedMs = ours.tookMs - control.tookMs;
    assert.ok(addedMs < 5000, `${addedMs} ms`);
  });
}

test('a refused connection ends the natural end at once', async () => {
  const receiver = await startReceiver();
  await receiver.close();
  const { ours, control } = await runBoth({ ending: 'natural', records: 3 }, receiver);
  assert.deepEqual(statusOf(ours), statusOf(control));
  assert.match(ours.stderr, /closed with 3 pending/);
  assert.ok(ours.tookMs - control.tookMs < 5000);
});

test('flush() keeps the process alive until its deadline', async () => {
  const receiver = await startReceiver(() => undefined);
  const scenario = { ending: 'flush', records: 3, timeouts: short };
  const ended = await runApp({ ...scenario, ours: true, url: receiver.url });
  await receiver.close();
  assert.deepEqual([ended.code, ended.stdout], [0, 'left 3\n']);
});

test('a natural end stops at the first failed request, and the exit does not repeat it', async () => {
  const receiver = await startReceiver((response) => response.writeHead(503).end());
  const scenario = { ending: 'natural', records: 25, ours: true };
  const ended = await runApp({ ...scenario, url: receiver.url });
  await receiver.close();
  assert.equal(receiver.requests.length, 1);
  assert.match(ended.stderr, /closed with 25 pending/);
});
