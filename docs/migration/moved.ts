// The same service after the move: the old transport is gone, and the address is read from LOKI_URL until it is renamed.

import { init } from 'otel-setup';

const { logger } = init();

logger.info('order placed', { orderId: 42 });
logger.warn('stock is low', { item: 'tea' });
logger.error('payment failed', { error: new RangeError('no such card') });
