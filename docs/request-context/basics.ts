import { init, withLogContext } from 'otel-setup';

const { logger } = init();

await withLogContext({ requestId: 'r-17', tenant: 'acme' }, async () => {
  logger.info('order placed', { orderId: 42 });
  await withLogContext({ job: 'invoice' }, async () => {
    logger.info('invoice written', { tenant: 'acme-eu' });
  });
});
logger.info('done');
