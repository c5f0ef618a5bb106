// Endpoints that hang, drip, reset, go silent, or move to another address.

import { assert } from './assert.ts';
import { openBlackHole } from './black-hole.ts';
import type { Case } from './case.ts';
import { finish } from './finish.ts';
import { type Gate, openGate, type Passage } from './gate.ts';
import type { TorturedProcess } from './process.ts';
import { sized, speeded } from './settings.ts';
import { torture } from './torture.ts';

const attemptMs = 10_000;
const mostMemory = 20e6;
const perSecond = 100;

function start(c: Case, gate: Gate, speed: number): Promise<TorturedProcess> {
  return c.start({
    faults: { clock: { speed } },
    env: { ALLOY_OTLP_ENDPOINT: gate.url },
    nodeArgs: ['--expose-gc'],
    watchdogMs: 600_000,
  });
}

/** How long the connections since `from` carried a request, in ms of the process's clock. */
function attemptsOf(passages: readonly Passage[], speed: number): number[] {
  return passages.flatMap(({ askedMs, closedMs, openedMs }) =>
    closedMs === undefined ? [] : [(closedMs - (askedMs ?? openedMs)) * speed],
  );
}

torture(
  'T27',
  'an endpoint that hangs holds one attempt of 10 s each time',
  { forStock: true },
  async (c) => {
    // 10 s take one: a busy machine may add as much again.
    const speed = speeded(10);
    const seconds = 60;
    const { inbox } = await c.receive();
    const gate = await openGate(c);
    const writer = await start(c, gate, speed);
    // Warm, with a ring that was full once: what its first thousands take is not the fault's.
    inbox.setFault({ type: 'status', status: 503 });
    await writer.log({ count: 30_000 });
    inbox.setFault(undefined);
    await c.until(async () => (await writer.stats()).pending === 0, 'warm', 60_000);
    const before = await writer.usage();
    const ways: Record<string, () => void> = {
      'before headers': () => inbox.setFault({ type: 'hang' }),
      'in the body': () => inbox.setFault({ type: 'hang', where: 'body' }),
      'a byte a second': () => inbox.setFault({ type: 'drip', bytesPerSecond: 1 / speed }),
      'request never read': () => inbox.setFault({ type: 'hang', where: 'request' }),
      'connection never read': () => gate.stall(),
    };
    let longest = 0;
    for (const [name, begin] of Object.entries(ways)) {
      const from = gate.passages.length;
      begin();
      await writer.log({ count: seconds * perSecond, rate: perSecond * speed });
      const during = gate.passages.slice(from);
      const ended = attemptsOf(during, speed);
      if (name !== 'connection never read') {
        assert.ok(ended.length >= 1, `${name}: an attempt ended`);
        longest = Math.max(longest, ...ended);
      }
      // With a wait of up to 30 s between two of them.
      assert.ok(during.length >= 1 && during.length <= 7, `${name}: ${during.length} connections`);
      inbox.setFault(undefined);
    }
    const after = await writer.usage();
    c.figures['longest attempt, s'] = Math.round(longest / 100) / 10;
    c.figures['memory, MiB'] = Math.round((after.rss - before.rss) / 2 ** 20);
    assert.ok(longest <= 2 * attemptMs, `an attempt took ${longest} ms`);
    assert.ok(after.rss - before.rss < mostMemory, `${after.rss - before.rss} bytes more`);
    await gate.shut();
    await gate.open();
    await finish(c, writer, { waitMs: (30_000 + attemptMs) / speed });
  },
);

torture('T27', 'a connection that is never made is given up after 10 s', {}, async (c) => {
  const { inbox } = await c.receive();
  const port = await openBlackHole(c, '127.0.0.1');
  const writer = await c.start({
    faults: { lookup: { 'logs.internal': ['127.0.0.1'] } },
    env: { ALLOY_OTLP_ENDPOINT: `http://logs.internal:${port}` },
  });
  const startedMs = performance.now();
  await writer.log({ count: 100 });
  await c.until(() => writer.stderr.includes('OTEL_SETUP_TIMEOUT'), 'it is told', 60_000);
  const tookMs = performance.now() - startedMs;
  c.figures['given up after, s'] = Math.round(tookMs / 100) / 10;
  assert.ok(tookMs >= attemptMs * 0.9, `${tookMs} ms`);
  await writer.kill();
  await c.settle({ env: { ALLOY_OTLP_ENDPOINT: inbox.url } });
  c.judge({ duplicates: 0 });
});

torture(
  'T28',
  'a reset amid the answer costs one attempt, a half-open connection 10 s',
  { forStock: true },
  async (c) => {
    const speed = speeded(sized(10, 4));
    await c.receive();
    const gate = await openGate(c);
    const writer = await start(c, gate, speed);
    await writer.log({ count: 100 });
    await writer.flush(600_000);

    gate.answer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 64\r\n\r\nabc', () =>
        socket.resetAndDestroy(),
      );
    });
    const resets = gate.passages.length;
    await gate.shut();
    await gate.open(false);
    await writer.log({ count: 100 });
    await c.until(
      () => gate.passages.length >= resets + 2,
      'a reset is followed by another attempt',
    );
    const connections = gate.passages.length;
    await gate.shut();
    await gate.open();
    await c.until(async () => (await writer.stats()).pending === 0, 'it goes on', 60_000);

    // The connection that just worked goes silent, both ways, without a word.
    await writer.log({ count: 10 });
    await writer.flush(600_000);
    gate.stall();
    const silentMs = performance.now();
    await writer.log({ count: 20 * perSecond, rate: perSecond * speed });
    const newOnes = gate.passages.slice(connections).filter(({ openedMs }) => openedMs > silentMs);
    assert.ok(newOnes.length >= 1, 'a new connection was tried');
    const [first] = newOnes;
    const tookMs = ((first?.openedMs ?? 0) - silentMs) * speed;
    c.figures['new connection after, s'] = Math.round(tookMs / 100) / 10;
    await gate.shut();
    await gate.open();
    await finish(c, writer, { waitMs: (30_000 + attemptMs) / speed });
  },
);

torture(
  'T29',
  'a name that fails, has a dead address, or moves, is looked up anew',
  {},
  async (c) => {
    const { arrivals } = await c.receive();
    const name = 'logs.internal';
    const old = await openGate(c);
    await openBlackHole(c, '::1', old.port);
    const writer = await c.start({
      faults: { lookup: { [name]: 'ENOTFOUND' } },
      env: { ALLOY_OTLP_ENDPOINT: `http://${name}:${old.port}` },
    });
    const lookup = (answer: string | string[]) =>
      writer.send({ type: 'faults', faults: { lookup: { [name]: answer } } });
    const storedAfter = async (what: string): Promise<number> => {
      const startedMs = performance.now();
      const { logged } = await writer.log({ count: 100 });
      await c.receiver.until(() => arrivals.has(writer.writer, logged), what, 60_000);
      const tookMs = performance.now() - startedMs;
      // Its answer is to arrive as well before the next thing happens.
      await writer.flush(600_000);
      return Math.round(tookMs);
    };
    await writer.log({ count: 100 });
    await c.until(() => writer.stderr.includes('OTEL_SETUP_DNS'), 'it is told');
    assert.equal(arrivals.distinct, 0);

    await lookup(['::1', '127.0.0.1']);
    const secondMs = await storedAfter('the second address is used');
    c.figures['second address after, ms'] = secondMs;
    assert.ok(secondMs <= 10_000, `${secondMs} ms`);

    const moved = await openGate(c, { host: '127.0.0.2', port: old.port });
    await old.shut();
    await lookup(['127.0.0.2']);
    const movedMs = await storedAfter('the new address is used');
    c.figures['new address after, ms'] = movedMs;
    assert.ok(movedMs <= 30_000, `${movedMs} ms`);
    assert.ok(moved.passages.length > 0);

    await lookup('EAI_AGAIN');
    await moved.shut();
    await writer.log({ count: 100 });
    await writer.flush(2_000);
    await lookup(['127.0.0.2']);
    await moved.open();
    await finish(c, writer, { waitMs: 30_000, duplicates: 0 });
  },
);
