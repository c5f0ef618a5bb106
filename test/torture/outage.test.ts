// A receiver that is not there for a while, or has an error of its own.

import { assert } from './assert.ts';
import type { Case } from './case.ts';
import { finish } from './finish.ts';
import { openGate } from './gate.ts';
import { sized, speeded } from './settings.ts';
import { sped } from './speed.ts';
import { torture } from './torture.ts';

const longestBackOffMs = 30_000;
const perSecond = 1_000;
/** The ring of 8 MiB, and what the machine does with its heap. */
const mostMemory = 32 * 2 ** 20;

/** `quick`: how many ms pass for the process in one. */
async function outage(c: Case, seconds: number, quick: number): Promise<void> {
  const speed = speeded(quick);
  await c.receive({ isBrief: seconds > 100 });
  const gate = await openGate(c);
  const writer = await c.start({
    env: { ALLOY_OTLP_ENDPOINT: gate.url },
    ...sped(speed),
    nodeArgs: ['--expose-gc'],
    watchdogMs: 900_000,
  });
  const rate = perSecond * speed;
  // Warm: how large the young generation is goes by the rate, not by the outage.
  await writer.log({ count: rate * sized(0.25, 10), rate });
  await writer.flush(600_000);
  const before = await writer.usage();
  await gate.shut();
  await writer.log({ count: perSecond * seconds, rate });
  const after = await writer.usage();
  await gate.open();
  const healedAtMs = performance.now();
  await writer.log({ count: perSecond * 2, rate });
  const isDrained = async () => (await writer.stats()).pending === 0;
  await c.until(isDrained, 'the backlog is delivered', 600_000);
  const drainedMs = performance.now() - healedAtMs;
  await finish(c, writer, {
    duplicates: 2 * perSecond,
    notices: ['OTEL_SETUP_UNREACHABLE'],
  });
  c.figures[`${seconds} s: memory, MiB`] = Math.round((after.rss - before.rss) / 2 ** 20);
  assert.ok(after.rss - before.rss <= mostMemory, `${after.rss - before.rss} bytes more`);
  c.figures[`${seconds} s: drained in, s`] = Math.round(drainedMs / 100) / 10;
}

torture('T20', 'a receiver that is down for 5 s loses nothing', { forStock: true }, (c) =>
  outage(c, 5, sized(4, 1)),
);

const long = { forStock: true, isLong: true };

torture('T20', 'a receiver that is down for 30 s loses nothing', long, (c) => outage(c, 30, 1));
torture('T20', 'a receiver that is down for 10 min loses nothing', long, (c) => outage(c, 600, 20));

torture(
  'T26',
  'a receiver that answers 500 for a minute loses nothing',
  { forStock: true },
  async (c) => {
    const speed = speeded(sized(40, 4));
    const { inbox, arrivals } = await c.receive();
    const writer = await c.start(sped(speed));
    await writer.log({ count: 100 });
    await writer.flush(600_000);
    inbox.setFault({ type: 'status', status: 500, body: 'rpc error: code = Unknown' });
    const before = arrivals.requests;
    await writer.log({ count: 6_000, rate: 100 * speed });
    c.figures['requests in a minute'] = arrivals.requests - before;
    assert.ok(arrivals.requests - before >= 2, 'it was tried again');
    inbox.setFault(undefined);
    const { end } = await finish(c, writer, {
      waitMs: longestBackOffMs / speed,
      duplicates: 0,
      notices: ['OTEL_SETUP_SERVER_ERROR'],
    });
    assert.match(end.stderr, /rpc error: code = Unknown/);
  },
);
