// What each request must leave behind, said independently of the SDK: the records in their order.

import { createHash } from 'node:crypto';
import { order, type ShopRequest } from '../traffic.ts';

/** A value, or a check where the value cannot be known before. */
export type Expected = unknown | ((value: unknown) => boolean);

export interface ExpectedRecord {
  readonly level: 'error' | 'warn' | 'info' | 'http' | 'verbose' | 'debug' | 'silly';
  readonly message: string;
  readonly attributes: Readonly<Record<string, Expected>>;
}

export interface Step {
  readonly name: string;
  readonly request: ShopRequest;
  readonly status: number;
  /** `orderId`: from the answer, '' where there is none. */
  records(orderId: string): ExpectedRecord[];
}

const isDuration = (value: unknown) => typeof value === 'number' && value >= 0 && value < 60_000;

function line(level: ExpectedRecord['level'], message: string, attributes: object): ExpectedRecord {
  return { level, message, attributes: attributes as Record<string, Expected> };
}

function closing(request: ShopRequest, status: number): ExpectedRecord {
  return line('http', `${request.method} ${request.path} ${status}`, {
    'http.request.method': request.method,
    'url.path': request.path,
    'http.response.status_code': status,
    durationMs: isDuration,
  });
}

function step(
  name: string,
  request: ShopRequest,
  status: number,
  records: (orderId: string) => ExpectedRecord[],
): Step {
  return {
    name,
    request,
    status,
    records: (orderId) => [...records(orderId), closing(request, status)],
  };
}

const placed = order({ gift: true });
const slow = order({ items: [{ productId: 'piano', quantity: 1 }], coupon: 'WELCOME' });
const unpaid = order({ items: [{ productId: 'mug', quantity: 2 }], payment: 'voucher' });
const soldOut = order({ items: [{ productId: 'lamp', quantity: 1 }] });
const customer = { id: 4711, address: { city: 'Nürnberg', zip: '90402' } };

export const steps: readonly Step[] = [
  step('the catalogue', { method: 'GET', path: '/products' }, 200, () => [
    line('debug', 'catalogue read', { count: 4 }),
  ]),
  step('an order', placed, 201, placedRecords),
  step('an order from the slow warehouse', slow, 201, slowRecords),
  step('an order whose payment fails', unpaid, 502, unpaidRecords),
  step('an order for what is sold out', soldOut, 409, () => [
    line('warn', 'order refused', {
      reason: 'lamp sold out',
      items: [{ productId: 'lamp', quantity: 1 }],
    }),
  ]),
  step('an empty order', order({ items: [] }), 400, () => [
    line('warn', 'order refused', { reason: 'an order needs items' }),
  ]),
  step('an unknown product', { method: 'GET', path: '/products/unicorn' }, 404, () => [
    line('warn', 'no such product', { productId: 'unicorn' }),
  ]),
  step('a mistake in the shop', { method: 'GET', path: '/report' }, 500, () => [
    line('error', 'no figures for today', {
      ...exception('RangeError', 'no figures for today', 'the till is still open'),
    }),
  ]),
];

function placedRecords(orderId: string): ExpectedRecord[] {
  return [
    line('debug', 'reserving', { orderId, productId: 'tea', quantity: 3, inStock: 120 }),
    line('debug', 'reserving', { orderId, productId: 'mug', quantity: 1, inStock: 44 }),
    line('silly', 'line priced', { orderId, productId: 'tea', quantity: 3, runningTotal: 20.7 }),
    line('silly', 'line priced', { orderId, productId: 'mug', quantity: 1, runningTotal: 33.2 }),
    line('verbose', 'asking for payment', { orderId, method: 'card', totalCents: 3320 }),
    line('info', 'order placed', {
      orderId,
      total: 33.2,
      totalCents: 3320,
      gift: true,
      coupon: null,
      customer,
      items: [
        { id: 'tea', quantity: 3, price: 6.9, tags: ['drink', 'organic'] },
        { id: 'mug', quantity: 1, price: 12.5, tags: ['kitchen'] },
      ],
      checksum: checksum(orderId, 3320),
    }),
  ];
}

function slowRecords(orderId: string): ExpectedRecord[] {
  return [
    line('debug', 'reserving', { orderId, productId: 'piano', quantity: 1, inStock: 2 }),
    line('warn', 'the warehouse is slow', { orderId, productId: 'piano', waitedMs: isDuration }),
    line('silly', 'line priced', { orderId, productId: 'piano', quantity: 1, runningTotal: 3499 }),
    line('verbose', 'asking for payment', { orderId, method: 'card', totalCents: 349_900 }),
    line('info', 'order placed', {
      orderId,
      total: 3499,
      totalCents: 349_900,
      gift: false,
      coupon: 'WELCOME',
      customer,
      items: [{ id: 'piano', quantity: 1, price: 3499, tags: ['music', 'heavy'] }],
      checksum: checksum(orderId, 349_900),
    }),
  ];
}

function unpaidRecords(orderId: string): ExpectedRecord[] {
  return [
    line('debug', 'reserving', { orderId, productId: 'mug', quantity: 2, inStock: 44 }),
    line('silly', 'line priced', { orderId, productId: 'mug', quantity: 2, runningTotal: 25 }),
    line('verbose', 'asking for payment', { orderId, method: 'voucher', totalCents: 2500 }),
    line('error', 'payment failed', {
      orderId,
      totalCents: 2500,
      ...exception(
        'PaymentError',
        'no payment by voucher',
        'the provider answered 503: the voucher ledger is offline',
      ),
      error: { code: 'PAYMENT_FAILED', retryable: true },
    }),
  ];
}

/** The stack must hold both the Error's own text and that of its cause, each with its frames. */
function exception(type: string, message: string, cause: string): Record<string, Expected> {
  return {
    'exception.type': type,
    'exception.message': message,
    'exception.stacktrace': (value: unknown) => {
      if (typeof value !== 'string') return false;
      const frames = value.split('\n').filter((text) => /^\s+at /.test(text));
      return (
        value.startsWith(`${type}: ${message}\n`) && value.includes(cause) && frames.length > 2
      );
    },
  };
}

function checksum(orderId: string, totalCents: number): Uint8Array {
  return new Uint8Array(createHash('sha256').update(`${orderId} ${totalCents}`).digest());
}

/** Before the first request and after the last one, outside any span. */
export const opening: ExpectedRecord = line('info', 'the shop is open', { host: '127.0.0.1' });
export const ending: ExpectedRecord = line('info', 'the shop closes', { signal: 'SIGTERM' });
