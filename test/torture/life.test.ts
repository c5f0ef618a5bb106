// What an application does to us in its own process: everything twice, at the wrong moment, with false time.

import { assert } from './assert.ts';
import { Calls } from './calls.ts';
import type { Case } from './case.ts';
import type { CallsAnswer } from './child/calls.ts';
import { sized } from './settings.ts';
import { startChild } from './start-child.ts';
import { torture } from './torture.ts';

function factsOf(stdout: string): Record<string, Record<string, unknown>> {
  const lines = stdout.trim().split('\n');
  return Object.fromEntries(
    lines.map((line) => {
      const { step, ...facts } = JSON.parse(line) as { step: string };
      return [step, facts];
    }),
  );
}

function leftIn(c: Case): number {
  return c.spool().directories.reduce((sum, { pending }) => sum + pending.length, 0);
}

torture('T40', 'everything twice, and records from within', { forStock: true }, async (c) => {
  const { inbox } = await c.receive();
  const app = startChild(c, 'again.ts', { writer: 'again' });
  await app.said('flushed');
  assert.ok(c.receiver.arrivals.distinct >= 600, 'flush() resolves when its records are settled');
  inbox.setFault({ type: 'cut' });
  app.child.stdin?.write('fail\n');
  await app.said('failed');
  inbox.setFault(undefined);
  app.child.stdin?.write('heal\n');
  await app.said('over');
  assert.ok(leftIn(c) >= 100, `${leftIn(c)} late records are on disk`);
  inbox.setFault({ type: 'cut' });
  app.child.stdin?.write('end\n');
  const { code, signal, stderr, stdout } = await app.ended;
  assert.deepEqual({ code, signal }, { code: 0, signal: null }, stderr);

  const { failed, flushed, over, started } = factsOf(stdout);
  assert.equal(started?.isSame, true);
  assert.deepEqual(flushed?.pending, [0, 0]);
  const [one = 0, two = 0] = (flushed?.settled ?? []) as number[];
  assert.ok(one >= 500 && two >= 600, `${one}, ${two}`);
  assert.ok(Number(failed?.diag) >= 1);
  assert.equal(over?.wasOnePromise, true);
  assert.equal(over?.isSameAfter, true);
  assert.equal(over?.deepest, 1, 'no record was logged within another one’s call');
  assert.ok(Number(over?.notice) <= 20, `${over?.notice} notices`);

  inbox.setFault(undefined);
  await c.settle();
  c.judge({ duplicates: 0 });
  c.figures['records from within'] =
    Number(over?.notice) + Number(over?.diag) + Number(over?.error);
});

torture('T42', 'what writing each record to disk costs the caller', {}, async (c) => {
  await c.receive({ isBrief: true });
  const memory = new Calls(c, { writer: 'memory' }, { LOG_DURABILITY: 'memory' });
  const record = new Calls(c, { writer: 'record' }, { LOG_DURABILITY: 'record' });
  const ready = [await memory.ready(), await record.ready()];
  assert.deepEqual(
    ready.map(({ mode }) => mode),
    ['memory', 'record'],
  );
  const runs: { ours: CallsAnswer; base: CallsAnswer }[] = [];
  // 20,000 of them do not fit into the ring of 8 MiB.
  const command = { type: 'log', count: sized(4_000, 15_000) } as const;
  // What memory alone holds must neither grow over its bounds nor be there at the end.
  const drained = async (calls: Calls) => (await calls.send({ type: 'stats' })).pending === 0;
  for (let run = 0; run < sized(5, 12); run++) {
    runs.push({ base: await memory.send(command), ours: await record.send(command) });
    await c.until(() => drained(memory), 'memory is drained', 60_000);
    await c.until(() => drained(record), 'the disk is drained', 60_000);
  }
  const added = median(runs.map(({ base, ours }) => ours.p50Us - base.p50Us));
  // Of the quietest run: in the others the machine's other processes are measured, too.
  const p99 = Math.min(...runs.map(({ ours }) => ours.p99Us));
  const p999 = Math.min(...runs.map(({ ours }) => ours.p999Us));
  Object.assign(c.figures, {
    'median added, us': round(added),
    'p99, us': round(p99),
    'p99.9, us': round(p999),
  });
  // A call that loses its processor waits some milliseconds for it.
  assert.ok(added <= 50 && p99 <= 500 && p999 <= 30_000, JSON.stringify(c.figures));
  await Promise.all([memory.end(), record.end()]);
  await c.settle();
  c.judge();
});

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
