// Answers without end, packed bombs, garbage, web pages: read as far as they are of use, and no further.

import type { Socket } from 'node:net';
import type { Fault } from 'otlp-inbox';
import { assert } from './assert.ts';
import type { Case } from './case.ts';
import { finish, finishProcess } from './finish.ts';
import { type Gate, openGate } from './gate.ts';
import type { TorturedProcess } from './process.ts';
import { isShort, speeded } from './settings.ts';
import { torture } from './torture.ts';

const speed = speeded(240);
/** Of the process that meets what never ends. */
const shortAttemptMs = 1_500;
const longAttemptMs = 10_000;
const gibibyte = 2 ** 30;
const mostMemory = 5e6;
const mostMemoryAtFirst = 15e6;
/** V8's young generation grows to 48 MiB where garbage comes fast, as with interim answers without end. */
const mostMemoryAtHeaders = 64e6;
/** 64 KiB are read; sockets and the relay hold some more before they notice. */
const mostRead = 32 * 2 ** 20;

interface Scene {
  readonly gate: Gate;
  readonly writer: TorturedProcess;
}

async function open(c: Case, attemptMs: number): Promise<Scene> {
  const gate = await openGate(c);
  const writer = await c.start({
    faults: { clock: { speed } },
    options: { timeoutMs: attemptMs * speed },
    env: { ALLOY_OTLP_ENDPOINT: gate.url },
    nodeArgs: ['--expose-gc'],
    watchdogMs: 300_000,
  });
  // Warm: what its first requests take is not the answers'.
  for (let round = 0; round < 30; round++) {
    await writer.log({ count: 200 });
    await writer.flush(2_400_000);
  }
  await writer.usage();
  return { gate, writer };
}

/** Answers of an OTLP server that mean "stored", whatever is in them. */
const stored: Record<string, Fault> = {
  '1 GiB': { type: 'huge-body', bytes: gibibyte },
  'a packed GiB': { type: 'huge-body', bytes: gibibyte, gzip: true },
  garbage: { type: 'garbage', where: 'body' },
};
/** Answers that no OTLP server gives: nothing was stored. */
const kept: Record<string, Fault> = {
  'a web page': { type: 'html' },
  '260': { type: 'blocked' },
};

/** Each of them; what that adds to the process's memory, in bytes. */
async function hostileBodies(c: Case, { gate, writer }: Scene): Promise<number> {
  const { inbox, arrivals } = c.receiver;
  const before = await writer.usage();
  for (const [name, fault] of Object.entries(stored)) {
    const bytes = gate.passages.reduce((sum, { toClient }) => sum + toClient, 0);
    const requests = arrivals.requests;
    inbox.pushFault(fault);
    await writer.log({ count: 10 });
    await c.until(async () => (await writer.stats()).pending === 0, `settled by ${name}`);
    assert.equal(arrivals.requests - requests, 1, name);
    const read = gate.passages.reduce((sum, { toClient }) => sum + toClient, 0) - bytes;
    assert.ok(read < mostRead, `${read} bytes were read of ${name}`);
    c.figures[`KiB read of ${name}`] = Math.round(read / 1024);
  }
  for (const [name, fault] of Object.entries(kept)) {
    inbox.setFault(fault);
    const { requests } = arrivals;
    await writer.log({ count: 10 });
    await c.receiver.until(() => arrivals.requests >= requests + 2, `a probe after ${name}`);
    assert.equal((await writer.stats()).pending, 10, name);
    inbox.setFault(undefined);
    await c.until(async () => (await writer.stats()).pending === 0, `delivered after ${name}`);
  }
  return (await writer.usage()).rss - before.rss;
}

/** The first time a program is compiled for them; from then on nothing may be added. */
async function hostileBodiesTwice(c: Case, scene: Scene): Promise<void> {
  const first = await hostileBodies(c, scene);
  c.figures['memory, MiB'] = mebibytes(first);
  assert.ok(first < mostMemoryAtFirst, `${first} bytes more`);
  if (isShort) return;
  const again = await hostileBodies(c, scene);
  c.figures['memory the second time, MiB'] = mebibytes(again);
  assert.ok(again < mostMemory, `${again} bytes more`);
}

function mebibytes(bytes: number): number {
  return Math.round((bytes / 2 ** 20) * 10) / 10;
}

torture(
  'T32',
  'an answer without end is cut, a web page is not taken for success',
  { forStock: true },
  async (c) => {
    await c.receive();
    const scene = await open(c, longAttemptMs);
    await hostileBodiesTwice(c, scene);
    await finish(c, scene.writer, {
      duplicates: 0,
      notices: ['OTEL_SETUP_WEB_PAGE', 'OTEL_SETUP_BLOCKED'],
    });
  },
);

/** Writes for ever, as fast as it is read. */
function pour(socket: Socket, begin: string, part: string): void {
  const chunk = part.repeat(Math.ceil(65_536 / part.length));
  const more = (): void => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', more);
  socket.write(begin);
  more();
}

const speakers: Record<string, (socket: Socket) => void> = {
  'headers without end': (socket) => pour(socket, 'HTTP/1.1 204 No Content\r\n', 'x-a: b\r\n'),
  'a header without end': (socket) => pour(socket, 'HTTP/1.1 204 No Content\r\nx-a: ', 'b'),
  '10,000 interim answers': (socket) => {
    socket.write('HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n'.repeat(10_000));
  },
  'interim answers without end': (socket) => pour(socket, '', 'HTTP/1.1 102 Processing\r\n\r\n'),
  'bytes that are no HTTP': (socket) => pour(socket, '', '\0\x01\x02 nothing\r\n'),
};

torture('S16', 'headers and interim answers without end cost one attempt each', {}, async (c) => {
  await c.receive();
  const scene = await open(c, longAttemptMs);
  await hostileBodiesTwice(c, scene);
  await finishProcess(c, scene.writer);
  const { gate, writer } = await open(c, shortAttemptMs);
  const before = await writer.usage();
  const isStored = c.receiver.arrivals.distinct;
  await writer.log({ count: 100 });
  for (const [name, speak] of Object.entries(speakers)) {
    await gate.shut();
    const from = gate.passages.length;
    gate.answer(speak);
    await gate.open(false);
    const isOver = () => gate.passages[from]?.closedMs !== undefined;
    await c.until(isOver, `an attempt ends at ${name}`, 30_000);
  }
  const { descriptors, rss } = await writer.usage();
  assert.equal(c.receiver.arrivals.distinct, isStored);
  c.figures['memory at headers, MiB'] = mebibytes(rss - before.rss);
  assert.ok(rss - before.rss < mostMemoryAtHeaders, `${rss - before.rss} bytes more`);
  assert.ok(descriptors <= before.descriptors + 2, `${descriptors} descriptors`);
  await gate.shut();
  await gate.open();
  await finish(c, writer, { waitMs: 30_000 / speed + shortAttemptMs, duplicates: 0 });
});
