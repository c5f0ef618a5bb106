// Loki's rules of age and order, met by a replay: kept by streams of their own, counted where they cannot be.

import { assert } from './assert.ts';
import type { Case, StartOptions } from './case.ts';
import { finishProcess } from './finish.ts';
import { sized } from './settings.ts';
import { torture } from './torture.ts';

const hourMs = 3_600_000;
const count = sized(500, 5_000);

/** Records that a dead process made in the past, while nobody took them. */
async function leaveBehind(c: Case, wallOffsetMs: number, options: StartOptions): Promise<void> {
  const { inbox } = c.receiver;
  inbox.setFault({ type: 'status', status: 503 });
  const dead = await c.start({ ...options, faults: { clock: { wallOffsetMs } } });
  await dead.log({ count });
  await dead.kill();
  inbox.setFault(undefined);
}

torture(
  'T31',
  'an orphan 2 h old is taken under its own instance id, beside live records',
  { forStock: true },
  async (c) => {
    const { inbox } = await c.receive({ rules: 'loki' });
    await leaveBehind(c, -2 * hourMs, {});
    const live = await c.start();
    await live.log({ count: 100 });
    await c.receiver.until(
      () => c.receiver.arrivals.distinct === count + 100,
      'the orphan is stored',
    );
    await finishProcess(c, live);
    assert.ok(inbox.requests.every(({ status }) => status < 300 || status === 503));
    assert.equal(inbox.totals.duplicates, 0);
    c.judge({ duplicates: 0 });
  },
);

const forced = { options: { resourceAttributes: { 'service.instance.id': 'everybody' } } };

interface Forced {
  readonly name: string;
  readonly reason: 'too_far_behind' | 'too_old';
  readonly ageMs: number;
}

async function forcedIntoOneStream(c: Case, { ageMs, name, reason }: Forced): Promise<void> {
  const { inbox, arrivals } = await c.receive({ rules: 'loki' });
  const live = await c.start(forced);
  await live.log({ count: 100 });
  await live.flush();
  await leaveBehind(c, -ageMs, forced);
  const before = arrivals.requests;
  // Its start adopts what the dead one left; the stream is the live one's.
  const adopter = await c.start(forced);
  await adopter.log({ count: 100 });
  const isCounted = async () => ((await adopter.stats()).adopted.dropped[reason] ?? 0) === count;
  await c.until(isCounted, `${count} are counted as ${reason}`, 60_000);
  const requests = inbox.requests.filter(({ n, status }) => n > before && status === 400).length;
  c.figures[`requests refused, ${name}`] = requests;
  assert.ok(requests >= 1 && requests <= 12 * Math.ceil(count / 1_000), `${requests} requests`);
  await finishProcess(c, adopter);
  await live.send({ type: 'sample', isLast: true });
  await live.end('natural');
  const { spool } = c.judge({ lost: 'counted', duplicates: 0 });
  assert.match(adopter.stderr, /OTEL_SETUP_REJECTED_ENTRIES/);
  assert.equal(spool.quarantined.length, count);
}

torture(
  'T31',
  'an orphan forced into a live stream is counted as too far behind',
  { forStock: true },
  (c) => forcedIntoOneStream(c, { name: '2 h old', reason: 'too_far_behind', ageMs: 2 * hourMs }),
);

torture('T31', 'an orphan older than Loki takes is counted as too old', { forStock: true }, (c) =>
  forcedIntoOneStream(c, { name: '8 d old', reason: 'too_old', ageMs: 8 * 24 * hourMs }),
);
