// An order's way through the shop: priced, reserved at the warehouse, paid. It logs at every level.

import { createHash } from 'node:crypto';
import type { Logger } from 'winston';
import { findProduct, type Product } from './catalogue.ts';
import type { OrderRequest } from './order-request.ts';
import { PaymentError } from './payment-error.ts';

/** From here on the warehouse counts as slow. */
const slowMs = 200;

interface Line {
  readonly product: Product;
  readonly quantity: number;
}

export type OrderResult =
  | { readonly type: 'placed'; readonly orderId: string; readonly totalCents: number }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'unpaid'; readonly orderId: string };

export type PlaceOrder = (request: OrderRequest, log: Logger) => Promise<OrderResult>;

export function createOrders(suppliersUrl: string): PlaceOrder {
  let lastNumber = 1000;

  return async (request, requestLog) => {
    const lines = request.items.flatMap((item): Line[] => {
      const product = findProduct(item.productId);
      return product === undefined ? [] : [{ product, quantity: item.quantity }];
    });
    const missing = lines.find((line) => line.quantity > line.product.stock);
    if (lines.length < request.items.length || missing !== undefined) {
      const reason = missing === undefined ? 'unknown product' : `${missing.product.id} sold out`;
      requestLog.warn('order refused', { reason, items: request.items });
      return { type: 'refused', reason };
    }

    lastNumber += 1;
    const orderId = `A-${lastNumber}`;
    const log = requestLog.child({ orderId });
    for (const line of lines) {
      await reserve(suppliersUrl, line, log);
    }
    const totalCents = priced(lines, log);
    try {
      await pay(suppliersUrl, request.payment, totalCents, log);
    } catch (error) {
      log.error('payment failed', { error, totalCents });
      return { type: 'unpaid', orderId };
    }
    log.info('order placed', receipt(request, orderId, lines, totalCents));
    return { type: 'placed', orderId, totalCents };
  };
}

async function reserve(suppliersUrl: string, line: Line, log: Logger): Promise<void> {
  const productId = line.product.id;
  log.debug('reserving', { productId, quantity: line.quantity, inStock: line.product.stock });
  const started = performance.now();
  await fetch(`${suppliersUrl}/warehouse/${productId}`, { method: 'POST' });
  const waitedMs = Math.round(performance.now() - started);
  if (waitedMs >= slowMs) {
    log.warn('the warehouse is slow', { productId, waitedMs });
  }
}

function priced(lines: readonly Line[], log: Logger): number {
  let totalCents = 0;
  for (const { product, quantity } of lines) {
    totalCents += product.priceCents * quantity;
    log.silly('line priced', { productId: product.id, quantity, runningTotal: totalCents / 100 });
  }
  return totalCents;
}

async function pay(
  suppliersUrl: string,
  method: string,
  totalCents: number,
  log: Logger,
): Promise<void> {
  log.verbose('asking for payment', { method, totalCents });
  const answer = await fetch(`${suppliersUrl}/payments/${method}`, { method: 'POST' });
  if (!answer.ok) {
    const { reason } = (await answer.json()) as { reason: string };
    const cause = new Error(`the provider answered ${answer.status}: ${reason}`);
    throw new PaymentError(`no payment by ${method}`, { cause });
  }
}

/** The order as it is logged: every type of value that a log attribute can have. */
function receipt(
  request: OrderRequest,
  orderId: string,
  lines: readonly Line[],
  totalCents: number,
) {
  return {
    total: totalCents / 100,
    totalCents,
    gift: request.gift,
    coupon: request.coupon,
    customer: request.customer,
    items: lines.map(({ product, quantity }) => ({
      id: product.id,
      quantity,
      price: product.priceCents / 100,
      tags: product.tags,
    })),
    checksum: new Uint8Array(createHash('sha256').update(`${orderId} ${totalCents}`).digest()),
  };
}
