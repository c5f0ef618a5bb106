// The shop's HTTP service on Express.

import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { Logger } from 'winston';
import { catalogue, findProduct } from './catalogue.ts';
import { parseOrder } from './order-request.ts';
import { createOrders, type OrderResult } from './orders.ts';
import { logOf, requestLog } from './request-log.ts';

/** Express's own, and those of its parsers, say whose mistake it is. */
interface HttpError extends Error {
  readonly status?: number;
}

export function createShop(logger: Logger, suppliersUrl: string): Express {
  const placeOrder = createOrders(suppliersUrl);
  const shop = express();
  shop.use(requestLog(logger));
  shop.use(express.json());

  shop.get('/products', (_request, response) => {
    logOf(response).debug('catalogue read', { count: catalogue.length });
    response.json(catalogue);
  });

  shop.get('/products/:id', (request, response) => {
    const product = findProduct(request.params.id);
    if (product === undefined) {
      logOf(response).warn('no such product', { productId: request.params.id });
      response.status(404).json({ error: 'no such product' });
      return;
    }
    response.json(product);
  });

  shop.post('/orders', async (request, response) => {
    const order = parseOrder(request.body);
    if (typeof order === 'string') {
      logOf(response).warn('order refused', { reason: order });
      response.status(400).json({ error: order });
      return;
    }
    answer(response, await placeOrder(order, logOf(response)));
  });

  // A mistake in the shop's own code: nobody has written the report yet.
  shop.get('/report', () => {
    throw new RangeError('no figures for today', { cause: new Error('the till is still open') });
  });

  shop.use((error: HttpError, _request: Request, response: Response, _next: NextFunction) => {
    const { message, status = 500 } = error;
    if (status < 500) {
      logOf(response).warn('request refused', { reason: message });
      response.status(status).json({ error: message });
      return;
    }
    logOf(response).error(error);
    response.status(500).json({ error: 'internal error' });
  });
  return shop;
}

function answer(response: Response, result: OrderResult): void {
  switch (result.type) {
    case 'placed':
      response.status(201).json(result);
      break;
    case 'refused':
      response.status(409).json(result);
      break;
    case 'unpaid':
      response.status(502).json(result);
      break;
  }
}
