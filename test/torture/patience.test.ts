// A receiver that asks for patience: Retry-After in every form, and clients that flush all the time meanwhile.

import { assert } from './assert.ts';
import type { Case } from './case.ts';
import { finish, finishProcess } from './finish.ts';
import type { TorturedProcess } from './process.ts';
import { sized, speeded } from './settings.ts';
import { sped } from './speed.ts';
import { torture } from './torture.ts';

/** When the requests of a case came, in monotonic ms. */
type Times = readonly number[];

interface Row {
  readonly name: string;
  readonly value: string;
  /** Between the refusal and the next request, in ms of the process's clock. */
  readonly leastMs: number;
  readonly mostMs: number;
}

const slowSpeed = speeded(10);
const fastSpeed = speeded(400);
/** What a busy machine may add, in real ms. */
const slackMs = 2_000;
const ownBackOff = { leastMs: 250, mostMs: 500 };

/** The first back-off of our own lies below 0.5 s: whoever took one of these for a wait would wait longer. */
const slowRows: readonly Row[] = [
  { name: '1', value: '1', leastMs: 900, mostMs: 1_100 },
  { name: '0', value: '0', ...ownBackOff },
  { name: '-5', value: '-5', ...ownBackOff },
  { name: 'abc', value: 'abc', ...ownBackOff },
  { name: 'in the past', value: new Date(Date.now() - 3_600_000).toUTCString(), ...ownBackOff },
  { name: 'of 10 MB', value: '9'.repeat(10_000_000), ...ownBackOff },
];

/** One record for each row; it is refused once. */
async function refuseOnce(
  c: Case,
  process: TorturedProcess,
  times: Times,
  { leastMs, mostMs, name, value }: Row,
  speed: number,
): Promise<void> {
  const { inbox, arrivals } = c.receiver;
  const before = times.length;
  inbox.pushFault({ type: 'retry-after', value });
  const { logged } = await process.log({ count: 1 });
  await c.receiver.until(() => arrivals.has(process.writer, logged), `after "${name}"`);
  assert.equal(times.length - before, 2, `requests with "${name}"`);
  const [refused = 0, next = 0] = times.slice(before);
  const waitMs = (next - refused) * speed;
  assert.ok(waitMs >= leastMs * 0.9, `"${name}": ${waitMs} ms, at least ${leastMs}`);
  assert.ok(waitMs <= mostMs + slackMs * speed, `"${name}": ${waitMs} ms, at most ${mostMs}`);
  c.figures[`Retry-After ${name}, s`] = Math.round(waitMs / 100) / 10;
}

/** 429 to everything, while the application flushes and flushes. */
async function hammer(c: Case, process: TorturedProcess, times: Times): Promise<void> {
  const windowMs = 10_000 / slowSpeed;
  const before = times.length;
  c.receiver.inbox.setFault([
    { type: 'retry-after', value: '0', probability: 0.5 },
    { type: 'retry-after', value: 'abc', probability: 0.5 },
  ]);
  const until = performance.now() + sized(1.3, 6) * windowMs;
  while (performance.now() < until) {
    await process.log({ count: 1 });
    await process.flush(500);
  }
  c.receiver.inbox.setFault(undefined);
  const during = times.slice(before);
  const most = Math.max(
    ...during.map((from) => during.filter((at) => at >= from && at < from + windowMs).length),
  );
  c.figures['requests in any 10 s'] = most;
  assert.ok(during.length > 2, 'it was tried again and again');
  assert.ok(most <= 20, `${most} requests within 10 s`);
}

torture(
  'T21',
  'a valid Retry-After is kept, any other is not taken for one',
  { forStock: true },
  async (c) => {
    const times: number[] = [];
    await c.receive({ onRequest: () => times.push(performance.now()) });
    const [slow, fast] = await Promise.all([
      c.prepare(sped(slowSpeed)),
      c.prepare(sped(fastSpeed)),
    ]);
    await slow.init();
    for (const row of slowRows) await refuseOnce(c, slow, times, row, slowSpeed);
    await hammer(c, slow, times);
    await finishProcess(c, slow, { waitMs: 30_000 / slowSpeed });

    await fast.init();
    const inTwoMinutes = new Date(Date.now() + 120_000).toUTCString();
    const dated = { name: 'in 120 s', value: inTwoMinutes, leastMs: 118_000, mostMs: 127_000 };
    await refuseOnce(c, fast, times, dated, fastSpeed);
    // An hour is cut to a quarter of one.
    const long = { name: '3600', value: '3600', leastMs: 900_000, mostMs: 990_000 };
    await refuseOnce(c, fast, times, long, fastSpeed);
    await finish(c, fast, { duplicates: 0 });
  },
);
