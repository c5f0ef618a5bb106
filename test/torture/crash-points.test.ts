// Killed just after each step of the spool and of the sender.

import assert from 'node:assert/strict';
import type { Case } from './case.ts';
import { type CrashPoint, crashPoints } from './child/crash.ts';
import { lengths } from './oracle/payload.ts';
import { isShort, sized } from './settings.ts';
import { torture } from './torture.ts';

/** A process makes its directory once; these are never met a second time. */
const once: ReadonlySet<CrashPoint> = new Set([
  'dir-made',
  'lock-bound',
  'owner-written',
  'renamed',
]);

/** Directories are removed one for each process that died before. */
async function leaveOrphans(c: Case, count: number): Promise<void> {
  c.receiver.inbox.setFault({ type: 'status', status: 503 });
  for (let index = 0; index < count; index++) {
    const orphan = await c.start();
    await orphan.log({ count: 3 });
    await orphan.kill();
  }
  c.receiver.inbox.setFault(undefined);
}

async function crashAt(c: Case, point: CrashPoint, hit: number): Promise<void> {
  if (point === 'dir-removed') await leaveOrphans(c, hit);
  const crashing = await c.prepare({ faults: { crash: { point, hit } }, watchdogMs: 20_000 });
  // It ends amid one of these, and then there is no answer.
  const lastWords = async (): Promise<void> => {
    await crashing.init();
    await crashing.log({ count: 60_000, rate: 20_000, size: lengths.plain });
    await crashing.flush();
  };
  const isAlive = await lastWords().then(
    () => true,
    () => false,
  );
  const { signal, stderr } = await (isAlive ? crashing.kill('SIGTERM') : crashing.ended);
  assert.equal(signal, 'SIGKILL', `${point} was not reached ${hit} times: ${stderr}`);
}

/** What died over the making of its directory is cleared away when it is a minute old. */
async function settle(c: Case, crashes: number): Promise<void> {
  await c.settle({ faults: { clock: { wallOffsetMs: 120_000 * crashes } } });
  assert.deepEqual(c.spool().directories, []);
}

torture(
  'T04',
  'SIGKILL just after each step of spool and sender, at its 1st, 2nd and 7th time',
  { timeoutMs: sized(120_000, 600_000) },
  async (c) => {
    await c.receive({ isBrief: true });
    let crashes = 0;
    for (const point of crashPoints) {
      for (const hit of once.has(point) ? [1] : sized([1], [1, 2, 7])) {
        await crashAt(c, point, hit);
        crashes++;
        // The short form leaves what each crash left to the next ones, and delivers all of it together.
        if (!isShort) await settle(c, crashes);
      }
    }
    if (isShort) await settle(c, crashes);
    c.figures.crashes = crashes;
    c.judge();
  },
);
