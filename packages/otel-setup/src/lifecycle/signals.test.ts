import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import {
  type Ended,
  recordsOf,
  runApp,
  runBoth,
  startReceiver,
} from '../../../../test/programs/lifecycle-run.ts';

const base = { ending: 'signal', records: 25 };
const posix = { skip: process.platform === 'win32' && 'Windows has no signals to raise again' };

function statusOf({ code, signal, stdout }: Ended): unknown {
  return { code, signal, stdout };
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  test(
    `${signal} without any other listener sends all, and the status stays the signal`,
    posix,
    async () => {
      const receiver = await startReceiver();
      const { ours, control } = await runBoth(base, receiver, { signal });
      await receiver.close();
      assert.deepEqual(statusOf(ours), { code: null, signal, stdout: 'ready\n' });
      assert.deepEqual(statusOf(ours), statusOf(control));
      assert.deepEqual(receiver.texts, recordsOf(25));
      assert.equal(ours.stderr, 'closed with 0 pending\n');
    },
  );
}

for (const extras of [['signal-exit-3'], ['signal-exit-4'], ['signal-exit-3', 'signal-exit-4']]) {
  test(
    `beside ${extras.join(' and ')} the process dies of the signal, not waiting for each other`,
    posix,
    async () => {
      const receiver = await startReceiver();
      const scenario = { ...base, extras };
      const { ours, control } = await runBoth(scenario, receiver, { signal: 'SIGTERM' });
      await receiver.close();
      assert.equal(ours.signal, 'SIGTERM');
      assert.deepEqual(statusOf(ours), statusOf(control));
    },
  );
}

for (const [extra, code] of [
  ['own-handler', 7],
  ['own-once-in-front', 8],
] as const) {
  test(`${extra}: it alone decides how and when the process ends`, posix, async () => {
    const receiver = await startReceiver();
    const scenario = { ...base, extras: [extra] };
    const { ours, control } = await runBoth(scenario, receiver, { signal: 'SIGTERM' });
    await receiver.close();
    assert.equal(ours.code, code);
    assert.deepEqual(statusOf(ours), statusOf(control));
    // It ends by process.exit(), where the rest is sent.
    assert.deepEqual(receiver.texts, recordsOf(25));
  });
}

test('a handler that lets the process live on sees the second signal too', posix, async () => {
  const receiver = await startReceiver();
  const scenario = { ...base, extras: ['second-signal-decides'] };
  const { ours, control } = await runBoth(scenario, receiver, { signal: 'SIGTERM' });
  await receiver.close();
  assert.equal(ours.stdout, 'ready\nsignal 1\nsignal 2\n');
  assert.deepEqual(statusOf(ours), statusOf(control));
});

test('after a once-handler of the application the next signal is ours again', posix, async () => {
  const receiver = await startReceiver();
  const scenario = { ...base, extras: ['own-once-handler'] };
  const { ours, control } = await runBoth(scenario, receiver, { signal: 'SIGTERM' });
  await receiver.close();
  assert.deepEqual(statusOf(ours), { code: null, signal: 'SIGTERM', stdout: 'ready\nsignal 1\n' });
  assert.deepEqual(statusOf(ours), statusOf(control));
  assert.deepEqual(receiver.texts, recordsOf(25));
});

test(
  'where a handler raises the signal again after a promise, the rest is sent',
  posix,
  async () => {
    const receiver = await startReceiver();
    const scenario = { ...base, extras: ['own-raises-again'] };
    const { ours, control } = await runBoth(scenario, receiver, { signal: 'SIGTERM' });
    await receiver.close();
    assert.deepEqual(statusOf(ours), {
      code: null,
      signal: 'SIGTERM',
      stdout: 'ready\nown handler\n',
    });
    assert.deepEqual(statusOf(ours), statusOf(control));
    assert.deepEqual(receiver.texts, recordsOf(25));
  },
);

for (const second of ['SIGTERM', 'SIGINT'] as const) {
  test(`a second signal (${second}) while we are sending kills at once`, posix, async () => {
    const killers: ((signal: NodeJS.Signals) => void)[] = [];
    // The first request's arrival says that the first signal is being dealt with.
    const receiver = await startReceiver((_, index) => {
      if (index === 0) killers[0]?.(second);
    });
    const ours = await runApp(
      { ...base, ours: true, url: receiver.url },
      {
        onOutput: (kill) => {
          killers.push(kill);
          kill('SIGTERM');
        },
      },
    );
    await receiver.close();
    assert.equal(ours.signal, second);
    assert.ok(ours.tookMs < 10_000, `${ours.tookMs} ms`);
    assert.equal(ours.stderr, '');
  });
}

test('an endpoint that never answers costs a signal its budget and no more', posix, async () => {
  const receiver = await startReceiver(() => undefined);
  const timeouts = { naturalMs: 300, exitMs: 200, downMs: 20 };
  const { ours, control } = await runBoth({ ...base, timeouts }, receiver, { signal: 'SIGTERM' });
  await receiver.close();
  assert.equal(ours.signal, 'SIGTERM');
  assert.match(ours.stderr, /closed with 25 pending/);
  const addedMs = ours.tookMs - control.tookMs;
  assert.ok(addedMs < 3000, `${addedMs} ms`);
});

const namespaces = spawnSync('unshare', ['-Urpf', '--mount-proc', 'true']).status === 0;
const asFirst = ['unshare', '-Urpf', '--mount-proc', '--kill-child', process.execPath];

test('the first process of a container lives on after SIGTERM, as without us, and has sent all', {
  skip: !namespaces && 'needs unshare(1) with user namespaces',
}, async () => {
  const receiver = await startReceiver();
  const extras = ['signals-itself'];
  const options = { command: asFirst };
  const { ours, control } = await runBoth({ ...base, extras }, receiver, options);
  await receiver.close();
  assert.equal(ours.stdout, 'ready\nalive as 1\n');
  assert.equal(ours.stderr, 'closed with 0 pending of 26\n');
  assert.deepEqual(statusOf(ours), statusOf(control));
  assert.deepEqual(receiver.texts, [...recordsOf(25), 'logged after the signals']);
});
