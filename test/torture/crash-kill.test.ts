// Killed at random moments, against a receiver that is well, that misbehaves, and that takes nothing.

import { setTimeout as wait } from 'node:timers/promises';
import { assert } from './assert.ts';
import type { Case, StartOptions } from './case.ts';
import { diskBytes } from './oracle/inspector.ts';
import { lengths } from './oracle/payload.ts';
import { sized } from './settings.ts';
import { torture } from './torture.ts';

const kills = sized(15, 1_000);
/** Records of 1 KiB that one request can hold, as much under way twice: our own queue's and an orphan's. */
const inFlight = 2 * 870;
/** Between two of them everything is delivered: the backlog stays below the cap, and each part is looked at. */
const killsPerRound = sized(15, 25);

interface Loop extends StartOptions {
  begin?(): void;
  /** Before everything is to be delivered. */
  heal?(): void;
}

/** The next process loads while the present one runs. */
async function killLoop(c: Case, { begin, heal, ...options }: Loop): Promise<void> {
  const rate = sized(15_000, 50_000);
  let next = c.prepare(options);
  begin?.();
  for (let kill = 1; kill <= kills; kill++) {
    const writer = await next;
    const isRoundOver = kill % killsPerRound === 0;
    if (!isRoundOver) next = c.prepare(options);
    await writer.init();
    await writer.send({ type: 'log', rate, size: lengths.plain });
    await wait(c.random() * 300);
    await writer.kill();
    if (!isRoundOver) continue;
    heal?.();
    await c.settle({ timeoutMs: 120_000 });
    begin?.();
    if (kill < kills) next = c.prepare(options);
  }
  c.figures.kills = kills;
}

torture(
  'T01',
  'SIGKILL at random moments under full load, restart; a healthy receiver',
  { forStock: true, timeoutMs: sized(120_000, 1_800_000) },
  async (c) => {
    await c.receive({ isBrief: true });
    await killLoop(c, {});
    c.judge({ duplicates: kills * inFlight });
  },
);

torture(
  'T02',
  'SIGKILL at random moments; the receiver resets, refuses, loses answers and hangs',
  { forStock: true, timeoutMs: sized(120_000, 1_800_000) },
  async (c) => {
    const { inbox } = await c.receive({ isBrief: true });
    await killLoop(c, {
      // An attempt that hangs is to end within the life of such a process now and then.
      env: { OTEL_EXPORTER_OTLP_TIMEOUT: '200' },
      begin: () =>
        inbox.setFault([
          { type: 'cut', probability: 0.1 },
          { type: 'status', status: 503, probability: 0.08 },
          { type: 'retry-after', value: '1', probability: 0.07 },
          { type: 'lost-answer', probability: 0.07 },
          { type: 'hang', probability: 0.02 },
        ]),
      heal: () => inbox.setFault(undefined),
    });
    c.judge();
  },
);

torture(
  'T03',
  'SIGKILL during recovery, 50 restarts on a backlog of 10 MiB while every request fails',
  { forStock: true },
  async (c) => {
    const { inbox } = await c.receive();
    inbox.setFault({ type: 'status', status: 503 });
    const first = await c.start();
    await first.log({ count: 10_240, size: lengths.plain });
    await first.kill();
    const backlog = diskBytes(c.spoolRoot);
    let most = backlog;
    const newRecords = 20;
    for (let restart = 1; restart <= 50; restart++) {
      const writer = await c.start();
      await writer.log({ count: newRecords, size: lengths.plain });
      await wait(c.random() * 200);
      await writer.kill();
      const bytes = diskBytes(c.spoolRoot);
      most = Math.max(most, bytes);
      const logged = restart * newRecords * (lengths.plain + 200);
      assert.ok(
        bytes <= backlog + logged + 1024 * 1024,
        `${bytes} bytes after ${restart} restarts`,
      );
    }
    inbox.setFault(undefined);
    await c.settle();
    c.judge();
    Object.assign(c.figures, { backlog, 'most bytes on disk': most });
  },
);
