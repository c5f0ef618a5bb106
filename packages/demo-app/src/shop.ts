// The service, set up as the README says. Start: node --import ./dist/tracing.js dist/shop.js

import type { Server } from 'node:http';
import { init } from 'otel-setup';
import { createShop } from './create-shop.ts';
import { startSuppliers } from './suppliers.ts';

const { logger } = init();

const suppliers = await startSuppliers();
const port = Number(process.env.PORT ?? 8080);
const host = process.env.HOST ?? '127.0.0.1';

export const server: Server = createShop(logger, suppliers.url).listen(port, host, (error) => {
  if (error) throw error;
  logger.info('the shop is open', { host });
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    logger.info('the shop closes', { signal });
    server.close();
    suppliers.close();
  });
}
