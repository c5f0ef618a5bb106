// An Express service: each request, its errors, and everything logged in between, with the request's id.

import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler } from 'express';
import { init, withLogContext } from 'otel-setup';

const { logger } = init();
const app = express();

app.use((request, _response, next) => {
  withLogContext({ requestId: request.get('x-request-id') ?? randomUUID() }, next);
});

app.use((request, response, next) => {
  const started = performance.now();
  response.on('finish', () => {
    logger.info('request served', {
      method: request.method,
      path: request.path,
      status: response.statusCode,
      durationMs: Math.round(performance.now() - started),
    });
  });
  next();
});

app.use(express.json());

app.post('/orders', (request, response) => {
  if (request.body.orderId === 13) {
    throw new RangeError('no order has this number');
  }
  logger.info('order placed', { orderId: request.body.orderId });
  response.sendStatus(201);
});

const failed: ErrorRequestHandler = (error, _request, response, _next) => {
  // A client's mistake brings its status along: 400 for broken JSON.
  const status: number = error.status ?? 500;
  logger.log(status < 500 ? 'warn' : 'error', 'request failed', { error });
  response.sendStatus(status);
};
app.use(failed);

const server = app.listen(Number(process.argv[2] ?? 3000), () => {
  logger.info('listening', { port: (server.address() as AddressInfo).port });
});
