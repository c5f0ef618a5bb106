import assert from 'node:assert/strict';
import { test } from 'node:test';
import winston from 'winston';
import { baseOf } from './base-logger.ts';
import { adoptLogger } from './create-logger.ts';

test('the logger behind a child, and behind its child, is the one that is adopted', () => {
  const logger = winston.createLogger();
  const child = logger.child({ service: 'orders' });
  const grandchild = child.child({ part: 'cart' });
  assert.deepEqual([logger, child, grandchild].map(baseOf), [logger, logger, logger]);
  const infos: object[] = [];
  adoptLogger(baseOf(grandchild), (info) => infos.push(info));
  grandchild.info('placed', { orderId: 7 });
  logger.info('paid');
  assert.partialDeepStrictEqual(infos, [
    { message: 'placed', orderId: 7, part: 'cart', service: 'orders' },
    { message: 'paid' },
  ]);
  assert.equal(infos.length, 2);
});

test('what is no logger of winston’s stays what it is', () => {
  const odd = { info: () => undefined };
  assert.equal(baseOf(odd as never), odd);
});
