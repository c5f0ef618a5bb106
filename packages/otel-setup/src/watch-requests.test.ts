import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServerAnswer } from './deliver/answer.ts';
import type { RequestEnd } from './health/metrics.ts';
import { realWorld } from './real-world.ts';
import { watchRequests } from './watch-requests.ts';

const protobuf = 'application/x-protobuf';
/** partial_success { rejected_log_records: 2 }, as OTLP's protobuf has it. */
const partial = Buffer.from([0x0a, 0x02, 0x08, 0x02]);

async function endOf(status: number, body: Uint8Array, contentType = protobuf) {
  const ends: RequestEnd[] = [];
  const headers = { contentType, retryAfter: undefined, date: undefined };
  const answer: ServerAnswer = { type: 'answer', status, headers, body, cut: false, wireBytes: 1 };
  const { send } = watchRequests({
    compose: () => Buffer.alloc(0),
    send: () => Promise.resolve(answer),
    clock: realWorld().clock,
    listener: { started: () => undefined, ended: (_, end) => void ends.push(end) },
    billed: () => undefined,
  });
  await send(Buffer.from('x'), AbortSignal.timeout(1_000));
  return ends[0]?.errorType;
}

test('a request has an error.type unless all of it was stored', async () => {
  const refusal =
    "entry with timestamp 2020-01-01 00:00:00 +0000 UTC ignored, reason: 'entry too far behind'";
  assert.equal(await endOf(204, Buffer.alloc(0)), undefined);
  assert.equal(await endOf(200, Buffer.alloc(0)), undefined);
  assert.equal(await endOf(200, partial), 'partial_success');
  assert.equal(await endOf(400, Buffer.from(refusal), 'text/plain'), '400');
  assert.equal(await endOf(503, Buffer.alloc(0)), '503');
});
