import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Ended,
  type Receiver,
  recordsOf,
  runApp,
  runBoth,
  startReceiver,
} from '../../../../test/programs/lifecycle-run.ts';

function statusOf({ code, signal, stdout }: Ended): unknown {
  return { code, signal, stdout };
}

async function withReceiver(run: (receiver: Receiver) => Promise<void>): Promise<void> {
  const receiver = await startReceiver();
  await run(receiver).finally(receiver.close);
}

for (const ending of ['natural', 'exit', 'throw', 'rejection']) {
  test(`${ending}: every record arrives in its order, and the process ends as without us`, () =>
    withReceiver(async (receiver) => {
      const { ours, control } = await runBoth({ ending, records: 35 }, receiver);
      assert.deepEqual(receiver.texts, recordsOf(35));
      assert.deepEqual(statusOf(ours), statusOf(control));
      assert.equal(ours.stderr.replace('closed with 0 pending\n', ''), control.stderr);
      assert.match(ours.stderr, /closed with 0 pending/);
    }));
}

test('an exit code that the application set stays', () =>
  withReceiver(async (receiver) => {
    const scenario = { ending: 'natural', records: 3, extras: ['exit-code'] };
    const { ours, control } = await runBoth(scenario, receiver);
    assert.equal(control.code, 5);
    assert.equal(ours.code, 5);
  }));

for (const ending of ['natural', 'exit', 'throw']) {
  test(`a worker thread's ${ending} sends like a process's`, () =>
    withReceiver(async (receiver) => {
      const scenario = { ending, records: 15, extras: ['in-worker'] };
      const { ours, control } = await runBoth(scenario, receiver);
      assert.deepEqual(receiver.texts, recordsOf(15));
      assert.deepEqual(statusOf(ours), statusOf(control));
    }));
}

test("the application's beforeExit listeners run once, as without us, and what they log arrives", () =>
  withReceiver(async (receiver) => {
    const scenario = { ending: 'natural', records: 3, extras: ['own-before-exit'] };
    const { ours, control } = await runBoth(scenario, receiver);
    assert.equal(control.stdout, 'own beforeExit\n');
    assert.deepEqual(statusOf(ours), statusOf(control));
    assert.deepEqual(receiver.texts, [...recordsOf(3), 'written in beforeExit']);
  }));

for (const ending of ['natural', 'exit']) {
  test(`${ending}: what the application logs in a later exit listener arrives`, () =>
    withReceiver(async (receiver) => {
      const scenario = { ending, records: 3, extras: ['logs-at-exit'], ours: true };
      await runApp({ ...scenario, url: receiver.url });
      assert.deepEqual(receiver.texts, [...recordsOf(3), 'last words']);
    }));
}

test('a process that logs on an unref-ed interval still ends', () =>
  withReceiver(async (receiver) => {
    const extras = ['unrefd-interval'];
    const ended = await runApp({
      ending: 'natural',
      records: 3,
      extras,
      ours: true,
      url: receiver.url,
    });
    assert.equal(ended.code, 0);
    assert.deepEqual(receiver.texts.slice(0, 3), recordsOf(3));
  }));

test('a record logged after shutdown() is sent at the end', () =>
  withReceiver(async (receiver) => {
    const ended = await runApp({ ending: 'shutdown', records: 3, ours: true, url: receiver.url });
    assert.equal(ended.stdout, 'left 0\n');
    assert.deepEqual(receiver.texts, [...recordsOf(3), 'after shutdown']);
  }));
