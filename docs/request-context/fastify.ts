// A small service of which every record of a request carries the request's id.

import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import Fastify from 'fastify';
import { init, withLogContext } from 'otel-setup';

const { logger } = init();
const app = Fastify({ requestIdHeader: 'x-request-id', genReqId: () => randomUUID() });

app.addHook('onRequest', (request, _reply, done) => {
  withLogContext({ requestId: request.id }, done);
});

app.post<{ Body: { orderId: number } }>('/orders', async (request, reply) => {
  await delay(5);
  logger.info('order placed', { orderId: request.body.orderId });
  return reply.code(201).send();
});

await app.listen({ port: Number(process.argv[2] ?? 3000) });
logger.info('listening', { port: (app.server.address() as AddressInfo).port });
