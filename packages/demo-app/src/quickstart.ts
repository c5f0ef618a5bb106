import { init } from 'otel-setup';

const { logger } = init();

logger.info('order placed', { orderId: 42 });
