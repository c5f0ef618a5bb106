import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { after, before, test } from 'node:test';
import './tracing.ts';
import { trace } from '@opentelemetry/api';
import winston from 'winston';
import { startSuppliers } from './suppliers.ts';
import { order, send } from './traffic.ts';

interface Line {
  level: string;
  message: string;
  requestId?: string;
  traceId: string | undefined;
  [field: string]: unknown;
}

const lines: Line[] = [];
const logger = winston.createLogger({
  level: 'silly',
  format: winston.format((info) =>
    Object.assign(info, { traceId: trace.getActiveSpan()?.spanContext().traceId }),
  )(),
  transports: new winston.transports.Stream({
    stream: new Writable({
      objectMode: true,
      write(_text, _encoding, done) {
        done();
      },
    }),
    format: winston.format((info) => {
      lines.push({ ...info } as unknown as Line);
      return info;
    })(),
  }),
});

const suppliers = await startSuppliers();
// Express is loaded after the instrumentation, as `node --import` has it.
const { createShop } = await import('./create-shop.ts');
const server = createServer(createShop(logger, suppliers.url));
let url = '';

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

after(() => {
  server.close();
  suppliers.close();
});

/** The answer, and the records of this request once its last one is there. */
async function visit(...request: Parameters<typeof order> | [string]) {
  const [what] = request;
  const sent = typeof what === 'string' ? { method: 'GET' as const, path: what } : order(what);
  const answer = await send(url, sent);
  await answer.arrayBuffer();
  const id = answer.headers.get('x-request-id') ?? '';
  const own = () => lines.filter(({ requestId }) => requestId === id);
  while (own().at(-1)?.level !== 'http') await new Promise(setImmediate);
  return { status: answer.status, traceparent: answer.headers.get('traceparent'), own: own() };
}

test('an order logs at every level from silly to info, then its http line', async () => {
  const { status, own } = await visit({});
  assert.equal(status, 201);
  const levels = new Set(own.map(({ level }) => level));
  assert.deepEqual(levels, new Set(['debug', 'silly', 'verbose', 'info', 'http']));
});

test('every record of a request is made inside the span that the answer names', async () => {
  const [one, two] = await Promise.all([visit({}), visit({ payment: 'voucher' })]);
  assert.notEqual(one.traceparent, two.traceparent);
  for (const { traceparent, own } of [one, two]) {
    const traceId = traceparent?.split('-')[1];
    assert.match(traceId ?? '', /^[0-9a-f]{32}$/);
    assert.deepEqual(
      own.map((line) => line.traceId),
      own.map(() => traceId),
    );
  }
});

test('a failing payment logs an error that has its cause', async () => {
  const { status, own } = await visit({ payment: 'voucher' });
  const failed = own.find(({ level }) => level === 'error');
  assert.equal(status, 502);
  assert.match(
    String((failed?.error as Error | undefined)?.cause),
    /the voucher ledger is offline/,
  );
});

test('the slow warehouse leads to a warning with the time it took', async () => {
  const { status, own } = await visit({ items: [{ productId: 'piano', quantity: 1 }] });
  const slow = own.find(({ level }) => level === 'warn');
  assert.equal(status, 201);
  assert.ok(Number(slow?.waitedMs) >= 200);
});

test('wrong requests are answered and told: unknown, empty, sold out, unknown goods, misspelt, broken', async () => {
  const answers = [
    await visit('/products/unicorn'),
    await visit({ items: [] }),
    await visit({ items: [{ productId: 'lamp', quantity: 1 }] }),
    await visit({ items: [{ productId: 'unicorn', quantity: 1 }] }),
    await visit('/products/%E0%A4'),
    await visit('/report'),
  ];
  assert.deepEqual(
    answers.map(({ status, own }) => [status, own[0]?.level]),
    [
      [404, 'warn'],
      [400, 'warn'],
      [409, 'warn'],
      [409, 'warn'],
      [400, 'warn'],
      [500, 'error'],
    ],
  );
});
