// A small service of which every record of a request carries the request's id.

import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import express from 'express';
import { init, withLogContext } from 'otel-setup';

const { logger } = init();
const app = express();

app.use((request, _response, next) => {
  withLogContext({ requestId: request.get('x-request-id') ?? randomUUID() }, next);
});

app.use(express.json());

app.post('/orders', async (request, response) => {
  await delay(5);
  logger.info('order placed', { orderId: request.body.orderId });
  response.sendStatus(201);
});

const server = app.listen(Number(process.argv[2] ?? 3000), () => {
  logger.info('listening', { port: (server.address() as AddressInfo).port });
});
