// A small service of which every record of a request carries the request's id.

import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import Koa from 'koa';
import { init, withLogContext } from 'otel-setup';

const { logger } = init();
const app = new Koa();

app.use((context, next) =>
  withLogContext({ requestId: context.get('x-request-id') || randomUUID() }, next),
);

app.use(async (context) => {
  const { orderId } = (await json(context.req)) as { orderId: number };
  logger.info('order placed', { orderId });
  context.status = 201;
});

const server = app.listen(Number(process.argv[2] ?? 3000), () => {
  logger.info('listening', { port: (server.address() as AddressInfo).port });
});
