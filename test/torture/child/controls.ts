// Logs messages, keys and values with every character that a terminal or a reader of lines might obey.

import { init } from 'otel-setup';
import { controls } from '../controls.ts';

const { logger, flush } = init();
for (const [n, text] of controls.entries()) {
  logger.info(`before ${text} after`, { n, [`key ${text} key`]: `value ${text} value` });
  logger.info({ message: { nested: { [text]: [text] } }, n } as never);
}
logger.error(Object.assign(new Error('first\nsecond\r\n\u001b[31mthird'), { n: controls.length }));
await flush();
