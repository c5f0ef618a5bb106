// pino with a transport in a worker thread. The transport's own buffer is out of reach, so flush() only hands
// everything to the worker; end() closes it, which sends the rest.

import { once } from 'node:events';
import { promisify } from 'node:util';
import pino from 'pino';
import type { Contender } from '../contender.ts';
import { message } from '../record.ts';

export function setupWith(target: string, options: Record<string, unknown>): Contender {
  const transport = pino.transport({ target, options });
  const logger = pino(transport);
  return {
    info: (fields) => logger.info(fields, message),
    debug: (fields) => logger.debug(fields, message),
    flush: promisify(logger.flush.bind(logger)) as () => Promise<void>,
    end: async () => {
      const closed = once(transport, 'close');
      transport.end();
      await closed;
    },
  };
}
