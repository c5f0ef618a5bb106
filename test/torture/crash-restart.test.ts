// Stopped and going on, and dying again and again at the start.

import { setTimeout as wait } from 'node:timers/promises';
import { assert } from './assert.ts';
import { sized } from './settings.ts';
import { torture } from './torture.ts';

torture(
  'T07',
  'SIGSTOP with pending records while a second process starts',
  { forStock: true },
  async (c) => {
    const { inbox } = await c.receive();
    inbox.setFault({ type: 'status', status: 503 });
    const stopped = await c.start();
    await stopped.log({ count: 500 });
    const [directory] = c.directories();
    stopped.signal('SIGSTOP');
    inbox.setFault(undefined);
    // Ten times as fast, so that it looks for orphans more than once.
    const second = await c.start({ faults: { clock: { speed: 10 } } });
    await second.log({ count: 100 });
    await wait(sized(2_000, 30_000));
    assert.ok(directory !== undefined && c.directories().includes(directory));
    assert.equal((await second.stats()).adopted.accepted, 0);
    stopped.signal('SIGCONT');
    const { pending } = await stopped.flush(20_000);
    assert.equal(pending, 0);
    await stopped.end('natural');
    await second.end('natural');
    await c.settle();
    c.judge({ duplicates: 0 });
  },
);

torture(
  'T08',
  'a process that dies 200 ms after its start, 60 times, then a stable one',
  { forStock: true },
  async (c) => {
    await c.receive();
    let next = c.prepare();
    for (let death = 1; death <= 60; death++) {
      const process = await next;
      next = c.prepare();
      await process.init();
      await process.send({ type: 'log', rate: 2_000 });
      await wait(200);
      await process.kill();
    }
    await (await next).end('natural');
    const startedAt = performance.now();
    const fresh = await c.settle({ timeoutMs: 30_000 });
    c.figures['s to the last record'] = Math.round((performance.now() - startedAt) / 100) / 10;
    // Ten times the expectation: a hang, no slowness.
    assert.ok(fresh.initMs <= 1_000, `init() took ${fresh.initMs} ms`);
    c.figures['ms of init()'] = Math.round(fresh.initMs);
    c.judge();
  },
);
