// Visitors of the shop: a bounded number of requests a second, of every kind, until told to stop.

import type { OrderRequest } from './order-request.ts';

export interface ShopRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
}

export function order(change: Partial<OrderRequest> = {}): ShopRequest {
  const body: OrderRequest = {
    customer: { id: 4711, address: { city: 'Nürnberg', zip: '90402' } },
    items: [
      { productId: 'tea', quantity: 3 },
      { productId: 'mug', quantity: 1 },
    ],
    payment: 'card',
    gift: false,
    coupon: null,
    ...change,
  };
  return { method: 'POST', path: '/orders', body };
}

/** A round through the shop: every level of log, every kind of answer. */
export const visits: readonly ShopRequest[] = [
  { method: 'GET', path: '/products' },
  order(),
  { method: 'GET', path: '/products/tea' },
  order({ items: [{ productId: 'piano', quantity: 1 }], coupon: 'WELCOME' }),
  order({ payment: 'voucher' }),
  { method: 'GET', path: '/products/unicorn' },
  order({ gift: true }),
  order({ items: [{ productId: 'lamp', quantity: 1 }] }),
  { method: 'GET', path: '/report' },
  order({ items: [] }),
];

export async function send(
  url: string,
  request: ShopRequest,
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(`${url}${request.path}`, {
    method: request.method,
    ...(request.body === undefined
      ? {}
      : {
          body: JSON.stringify(request.body),
          headers: { 'content-type': 'application/json' },
        }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Starts a visit every `1000 / perSecond` ms, however long the answers take; never more than 20 at a time. */
export async function runTraffic(
  url: string,
  perSecond: number,
  signal: AbortSignal,
): Promise<void> {
  const open = new Set<Promise<unknown>>();
  for (let n = 0; !signal.aborted; n++) {
    const visit = visits[n % visits.length];
    if (visit !== undefined && open.size < 20) {
      const sent = send(url, visit).then((answer) => answer.arrayBuffer(), ignoreRefusal);
      open.add(sent);
      void sent.finally(() => open.delete(sent));
    }
    await pause(1000 / perSecond, signal);
  }
  await Promise.all(open);
}

function ignoreRefusal(): void {
  // A visitor whom the shop does not answer goes away: the shop may have been stopped.
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
