// Every way in which a process ends, beside the same process without the SDK.

import { assert } from './assert.ts';
import type { Case, StartOptions } from './case.ts';
import { compareEnds } from './oracle/host.ts';
import type { Ending, Extra } from './plan.ts';
import type { ProcessEnd } from './process.ts';
import { sized } from './settings.ts';
import { torture } from './torture.ts';

const rounds = sized(1, 20);
const count = 200;

interface Way {
  readonly how: Ending;
  readonly extras?: readonly Extra[];
  /** What may be added, in ms, where the receiver is well and where it is dead; times ten: a hang, no slowness. */
  readonly added: readonly [healthyMs: number, deadMs: number];
}

const ways: readonly Way[] = [
  { how: 'natural', added: [2_000, 50] },
  { how: 'exit', added: [500, 50] },
  { how: 'throw', added: [500, 50] },
  { how: 'reject', added: [500, 50] },
  { how: 'SIGTERM', added: [2_000, 50] },
  { how: 'SIGINT', added: [2_000, 50] },
  { how: 'SIGTERM', extras: ['signal-exit'], added: [2_000, 50] },
  { how: 'SIGTERM', extras: ['signal-exit-3'], added: [2_000, 50] },
  { how: 'SIGINT', extras: ['signal-exit'], added: [2_000, 50] },
  { how: 'SIGTERM', extras: ['own-sigterm'], added: [500, 50] },
  { how: 'abort', added: [0, 0] },
  { how: 'reallyExit', added: [0, 0] },
  { how: 'oom', added: [0, 0] },
];
/** Slowness of the machine, which is no hang. */
const slackMs = 1_500;

async function endOnce(c: Case, { extras, how }: Way, options: StartOptions): Promise<ProcessEnd> {
  const nodeArgs = how === 'oom' ? ['--max-old-space-size=48'] : [];
  const process = await c.start({
    ...options,
    nodeArgs,
    ...(extras === undefined ? {} : { extras }),
  });
  await process.log({ count });
  return await process.end(how);
}

/** Ends it as often as the form wants; the most that was added. */
async function endAs(c: Case, way: Way, isDead: boolean): Promise<number> {
  const what = `${way.how} ${way.extras ?? ''} ${isDead ? 'dead' : 'healthy'}`;
  // V8's last words hold addresses and times.
  const quiet = way.how === 'oom' || way.how === 'abort' ? { stderr: '' } : {};
  const boundMs = way.added[isDead ? 1 : 0] * 10 + slackMs;
  let mostMs = 0;
  for (let round = 0; round < rounds; round++) {
    const [ours, control] = await Promise.all([
      endOnce(c, way, {}),
      endOnce(c, way, { sdk: 'none' }),
    ]);
    assert.deepEqual(compareEnds({ ...ours, ...quiet }, { ...control, ...quiet }), [], what);
    const addedMs = ours.tookMs - control.tookMs;
    // How long it takes to fill a heap differs by more than anything of ours; a hang ends with the process's watchdog.
    const isBound = way.how !== 'oom';
    assert.ok(!isBound || addedMs <= boundMs, `${what} took ${Math.round(addedMs)} ms longer`);
    mostMs = Math.max(mostMs, addedMs);
  }
  return mostMs;
}

async function endAll(c: Case, isDead: boolean): Promise<number> {
  let mostMs = 0;
  for (const way of ways) {
    const addedMs = await endAs(c, way, isDead);
    if (way.how !== 'oom') mostMs = Math.max(mostMs, addedMs);
  }
  return Math.round(mostMs);
}

/** A thread that is terminated runs nothing more; its directory is the next start's. */
async function terminateThread(c: Case): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const main = await c.start();
    const writer = `${main.writer}t`;
    await main.send({ type: 'thread', plan: { ...main.plan, writer } });
    await main.send({ type: 'to', writer, command: { type: 'init' } });
    await main.send({ type: 'to', writer, command: { type: 'log', count } });
    await main.send({ type: 'terminate', writer });
    await main.log({ count: 1 });
    const { code } = await main.end('natural');
    assert.equal(code, 0);
  }
}

torture(
  'T05',
  'process.exit, throw, rejection, signals, abort, reallyExit, heap OOM, worker.terminate',
  { forStock: true, timeoutMs: sized(120_000, 1_800_000) },
  async (c) => {
    const { inbox } = await c.receive({ isBrief: true });
    c.figures['healthy: ms added at most'] = await endAll(c, false);
    await terminateThread(c);
    await c.closeReceiver();
    c.figures['dead: ms added at most'] = await endAll(c, true);
    await terminateThread(c);
    c.figures.ends = 2 * rounds * (ways.length + 1);
    await c.receive({ isBrief: true, port: inbox.port });
    await c.settle();
    c.judge();
  },
);

torture('T06', 'an uncaught throw with winston handleExceptions', { forStock: true }, async (c) => {
  const exceptions: string[] = [];
  await c.receive({
    onRecord: ({ line }) => {
      if (line.includes('the application threw')) exceptions.push(line);
    },
  });
  const way: Way = { how: 'throw', extras: ['handle-exceptions'], added: [700, 700] };
  const control = await endOnce(c, way, { sdk: 'none' });
  const ours = await endOnce(c, way, {});
  // The control's only transport is a console, which prints the exception.
  assert.deepEqual(compareEnds(ours, { ...control, stdout: '' }), []);
  // winston's own wait for a transport that says nothing is 3 s, as the control shows.
  assert.ok(control.tookMs > 3_000 && ours.tookMs < 3_000, `${ours.tookMs} ms`);
  c.figures['ms to the exit'] = Math.round(ours.tookMs);
  await c.settle();
  assert.equal(exceptions.length, 1);
  c.judge();
});
