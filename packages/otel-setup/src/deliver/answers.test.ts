// What becomes of records under each answer of the outcome table, over the whole loop.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from './answer.ts';
import { answer, type Bench, log, rpcStatus, startBench, startMs } from './harness.test.ts';

const minuteMs = 60_000;

function most(bench: Bench, windowMs: number): number {
  const times = bench.requests.map((request) => request.atMs);
  return Math.max(...times.map((at) => times.filter((t) => t >= at && t < at + windowMs).length));
}

for (const value of ['0', '-5', 'abc', 'Wed, 21 Oct 2015 07:28:00 GMT', '']) {
  test(`429 with Retry-After "${value}" is retried by our own back-off`, async () => {
    for (const random of [Math.random, () => 0, () => 1]) {
      const bench = startBench({ endpoint: () => answer(429, '', { retryAfter: value }), random });
      log(bench, 10, 300);
      await bench.clock.advance(2 * minuteMs);
      assert.ok(most(bench, 10_000) <= 20, `${most(bench, 10_000)} requests in 10 s`);
      assert.ok(bench.requests.length >= 4);
      const gaps = bench.requests.slice(1).map((r, i) => r.atMs - (bench.requests[i]?.atMs ?? 0));
      assert.ok(Math.min(...gaps) >= 250, `${Math.min(...gaps)} ms`);
      assert.ok(Math.max(...gaps) <= 30_000, `${Math.max(...gaps)} ms`);
    }
  });
}

const waits = [
  { value: '1', waitMs: 1000 },
  { value: '3600', waitMs: 900_000 },
  { value: new Date(startMs + 90_000).toUTCString(), waitMs: 89_750 },
];
for (const { value, waitMs } of waits) {
  test(`429 with Retry-After "${value}" is retried after ${waitMs} ms`, async () => {
    let limited = 1;
    const bench = startBench({
      endpoint: () => (limited-- > 0 ? answer(429, '', { retryAfter: value }) : answer(204)),
    });
    log(bench, 10, 300);
    await bench.clock.advance(1_000_000);
    const [first, second] = bench.requests;
    const waited = (second?.atMs ?? 0) - (first?.atMs ?? 0);
    assert.ok(waited >= waitMs && waited <= waitMs * 1.1, `${waited} ms`);
    assert.equal(bench.requests.length, 2);
  });
}

test("a Retry-After date counts from the server's own clock", async () => {
  let limited = 1;
  const headers = {
    retryAfter: 'Wed, 21 Oct 2015 07:28:30 GMT',
    date: 'Wed, 21 Oct 2015 07:28:00 GMT',
  };
  const bench = startBench({
    endpoint: () => (limited-- > 0 ? answer(429, '', headers) : answer(204)),
  });
  log(bench, 1, 300);
  await bench.clock.advance(29_000);
  assert.equal(bench.requests.length, 1);
  await bench.clock.advance(4000);
  assert.equal(bench.requests.length, 2);
});

test('each 429 in a row halves the next batch, down to 64 KiB; success doubles it', async () => {
  let limited = 6;
  const bench = startBench({ endpoint: () => (limited-- > 0 ? answer(429) : answer(204)) });
  log(bench, 10_000, 300);
  await bench.clock.advance(3 * minuteMs);
  const sizes = bench.requests.map((request) => Math.round(request.bytes / 1000));
  assert.deepEqual(sizes.slice(0, 7), [950, 475, 237, 118, 65, 65, 65]);
  assert.deepEqual(sizes.slice(7, 11), [131, 262, 524, 950]);
  assert.equal(bench.own.pending, 0);
  assert.equal(new Set(bench.stored).size, bench.stored.length);
});

const configured = [
  { status: 260, code: 'OTEL_SETUP_BLOCKED', names: /operator/ },
  { status: 302, code: 'OTEL_SETUP_REDIRECT', names: /GRAFANA_CLOUD_OTLP_ENDPOINT/ },
  { status: 401, code: 'OTEL_SETUP_UNAUTHORIZED', names: /GRAFANA_CLOUD_API_KEY/ },
  { status: 403, code: 'OTEL_SETUP_FORBIDDEN', names: /GRAFANA_CLOUD_API_KEY/ },
  { status: 404, code: 'OTEL_SETUP_NOT_FOUND', names: /GRAFANA_CLOUD_OTLP_ENDPOINT/ },
  { status: 405, code: 'OTEL_SETUP_NOT_FOUND', names: /GRAFANA_CLOUD_OTLP_ENDPOINT/ },
  { status: 407, code: 'OTEL_SETUP_PROXY', names: /HTTPS_PROXY/ },
  { status: 415, code: 'OTEL_SETUP_REFUSED_REQUEST', names: /GRAFANA_CLOUD_OTLP_ENDPOINT/ },
  { status: 202, code: 'OTEL_SETUP_UNEXPECTED_ANSWER', names: /GRAFANA_CLOUD_OTLP_ENDPOINT/ },
];
for (const { status, code, names } of configured) {
  test(`${status} is probed once a minute with the oldest record, and names the setting`, async () => {
    let isWrong = true;
    const body = 'bad token glc_secretsecret, Basic c2VjcmV0c2VjcmV0, tenant-password';
    const bench = startBench({
      endpoint: () => (isWrong ? answer(status, body) : answer(204)),
      secrets: ['tenant-password'],
    });
    for (let s = 0; s < 120; s += 1) {
      log(bench, 50, 300);
      await bench.clock.advance(1000);
    }
    assert.ok(bench.requests.length <= 4, `${bench.requests.length} requests`);
    assert.deepEqual(bench.requests.at(-1)?.seqs, [1]);
    assert.equal(bench.deliverer.state, 'probing');
    assert.ok(bench.deliverer.routeIsDown);
    assert.ok(bench.notices.every((notice) => notice.code === code));
    assert.match(bench.notices[0]?.message ?? '', names);
    assert.doesNotMatch(JSON.stringify(bench.notices), /secretsecret|c2Vjc|tenant-password/);
    isWrong = false;
    await bench.clock.advance(minuteMs);
    assert.equal(bench.own.pending, 0);
    assert.deepEqual(bench.recovered, [code, '6,000 records delivered late']);
    assert.deepEqual(bench.dropped, {});
  });
}

test('a flush probes earlier, but not every time', async () => {
  const bench = startBench({ endpoint: () => answer(401) });
  log(bench, 1, 300);
  await bench.clock.advance(20_000);
  for (let i = 0; i < 20; i += 1) {
    const drained = bench.deliverer.drain(500);
    await bench.clock.advance(1000);
    await drained;
  }
  assert.ok(bench.requests.length >= 3 && bench.requests.length <= 4, `${bench.requests.length}`);
});

const pages: { name: string; result: Answer; settles: boolean }[] = [
  { name: 'an empty 200', result: answer(200), settles: true },
  { name: 'a protobuf 200', result: answer(200, new Uint8Array([0x0a, 0x00])), settles: true },
  {
    name: 'a JSON 200',
    result: answer(200, '{"partialSuccess":{}}', { contentType: 'application/json' }),
    settles: true,
  },
  {
    name: 'a 200 of garbage under its own content type',
    result: answer(200, 'ÿÿÿÿ garbage', { contentType: 'application/x-protobuf' }),
    settles: true,
  },
  {
    name: 'a web page',
    result: answer(200, '<!doctype html><title>Grafana</title>', { contentType: 'text/html' }),
    settles: false,
  },
  { name: 'a web page without a type', result: answer(200, ' \n<html>'), settles: false },
  { name: 'a 200 of plain text', result: answer(200, 'OK, nice to meet you'), settles: false },
];
for (const { name, result, settles } of pages) {
  test(`${name} ${settles ? 'settles' : 'keeps the records'}`, async () => {
    const bench = startBench({ endpoint: () => result });
    log(bench, 10, 300);
    await bench.clock.advance(1000);
    assert.equal(bench.own.pending, settles ? 0 : 10);
    assert.equal(bench.counts.delivered, settles ? 10 : 0);
    assert.equal(bench.deliverer.state, settles ? 'idle' : 'probing');
    if (!settles) assert.equal(bench.notices[0]?.code, 'OTEL_SETUP_WEB_PAGE');
  });
}

test('a partial success is counted, told and not sent again', async () => {
  const message = 'too many labels';
  const inner = Buffer.concat([Buffer.from([0x08, 3, 0x12, message.length]), Buffer.from(message)]);
  const body = Buffer.concat([Buffer.from([0x0a, inner.length]), inner]);
  const bench = startBench({ endpoint: () => answer(200, body) });
  log(bench, 10, 300);
  await bench.clock.advance(minuteMs);
  assert.equal(bench.requests.length, 1);
  assert.equal(bench.counts.delivered, 7);
  assert.deepEqual(bench.dropped, { partial_success: 3 });
  assert.match(bench.notices[0]?.message ?? '', /3 rejected: too many labels/);
});

for (const status of [413, 503]) {
  test(`${status} above 100 KiB: all is stored, only what is larger is shortened`, async () => {
    const body = rpcStatus(14, 'grpc: received message larger than max (6291456 vs. 4194304)');
    const bench = startBench({
      endpoint: ({ bytes }) =>
        bytes > 102_400 ? answer(status, status === 503 ? body : '') : answer(204),
    });
    let larger = 0;
    for (let i = 0; i < 300; i += 1) {
      const bytes = 1024 * (1 + ((i * 7919) % 300));
      if (bytes > 102_364) larger += 1;
      log(bench, 1, bytes);
    }
    await bench.clock.advance(10 * minuteMs);
    assert.equal(bench.own.pending, 0);
    assert.equal(bench.counts.delivered, 300);
    assert.equal(bench.counts.truncated, larger);
    assert.deepEqual(bench.dropped, {});
    assert.deepEqual(bench.stored.filter((seq) => seq > 0).length + larger, 300);
  });
}

test('a record that no shortening makes fit goes to the quarantine', async () => {
  const bench = startBench({
    endpoint: ({ bytes }) => (bytes > 5000 ? answer(413) : answer(204)),
    truncate: () => undefined,
  });
  log(bench, 1, 300);
  log(bench, 1, 20_000);
  log(bench, 1, 300);
  await bench.clock.advance(minuteMs);
  assert.deepEqual(bench.dropped, { too_large: 1 });
  assert.deepEqual(bench.own.quarantined[0]?.seq, 2);
  assert.deepEqual(bench.stored, [1, 3]);
});

test('an endpoint that calls everything too large loses nothing', async () => {
  const bench = startBench({ endpoint: () => answer(413) });
  log(bench, 100, 300);
  await bench.clock.advance(5 * minuteMs);
  assert.equal(bench.own.pending, 100);
  assert.deepEqual(bench.dropped, {});
  assert.ok(bench.requests.length < 20, `${bench.requests.length} requests`);
});

test('the working size is remembered, and grows back slowly', async () => {
  const bench = startBench({
    endpoint: ({ bytes }) => (bytes > 300_000 ? answer(413) : answer(204)),
  });
  log(bench, 60_000, 1000);
  await bench.clock.advance(minuteMs);
  assert.equal(bench.own.pending, 0);
  const refusedCount = bench.requests.filter((request) => request.bytes > 300_000).length;
  assert.ok(refusedCount <= 8, `${refusedCount} refused`);
});
