// A small service of which every record of a request carries the request's id.

import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { init, withLogContext } from 'otel-setup';

const { logger } = init();
const app = new Hono();

app.use((context, next) =>
  withLogContext({ requestId: context.req.header('x-request-id') ?? randomUUID() }, next),
);

app.post('/orders', async (context) => {
  const { orderId } = await context.req.json();
  await delay(5);
  logger.info('order placed', { orderId });
  return context.body(null, 201);
});

serve({ fetch: app.fetch, port: Number(process.argv[2] ?? 3000) }, ({ port }) => {
  logger.info('listening', { port });
});
