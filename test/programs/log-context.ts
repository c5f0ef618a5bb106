// Request fields wherever they may be set and read. Each record says in `want` which ones it must have.

import { once } from 'node:events';
import { cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { isMainThread, Worker } from 'node:worker_threads';
import { context, propagation } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { init, withLogContext } from 'otel-setup';
import winston, { type Logger } from 'winston';
import Transport from 'winston-transport';

type With = typeof withLogContext;

const folder = process.env.LOG_FOLDER ?? '';
const require = createRequire(import.meta.url);
const turn = () => new Promise((resolve) => setImmediate(resolve));
const want = (fields: object) => ({ want: JSON.stringify(fields) });

/** A second copy of the package, as a dependency of a dependency brings one. */
function secondCopy(): With {
  const copy = join(folder, 'copy');
  cpSync(join(require.resolve('otel-setup'), '../../cjs'), copy, { recursive: true });
  return require(join(copy, 'logger/log-context.js')).withLogContext;
}

async function nested(logger: Logger, outer: With, inner: With): Promise<void> {
  await outer({ requestId: 'r1', user: 'u1' }, async () => {
    await turn();
    logger.info('outer', want({ requestId: 'r1', user: 'u1' }));
    await inner({ user: 'u2', step: 2 }, async () => {
      await turn();
      logger.info('inner', want({ requestId: 'r1', user: 'u2', step: 2 }));
      logger.child({ step: 'own' }).info('child', want({ requestId: 'r1', user: 'u2' }));
    });
    logger.info('outer again', want({ requestId: 'r1', user: 'u1' }));
  });
  logger.info('outside', want({}));
}

async function interleaved(logger: Logger): Promise<void> {
  const request = (requestId: string) =>
    withLogContext({ requestId }, async () => {
      for (let step = 0; step < 5; step++) {
        await turn();
        logger.info('step', want({ requestId }));
        logger.error(Object.assign(new Error('step'), want({ requestId })));
      }
    });
  await Promise.all(Array.from({ length: 50 }, (_, i) => request(`r${i}`)));
}

class Slow extends Transport {
  override log(_info: unknown, callback: () => void): void {
    setTimeout(callback, 1);
  }
}

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
const early = withLogContext({ requestId: 'before init' }, () => turn().then(logEarly));

const telemetry = init({ baggageKeys: ['tenant.id'] });
const { logger, loggerProvider, flush } = telemetry;
const file = new winston.transports.File({ filename: join(folder, `${isMainThread}.log`) });
const adopted = winston.createLogger({ transports: [new Slow(), file] });
init({ logger: adopted });

function logEarly(): void {
  logger.info('early', want({ requestId: 'before init' }));
}

await early;
const other = secondCopy();
await nested(logger, withLogContext, withLogContext);
await nested(adopted, withLogContext, other);
await nested(adopted, other, withLogContext);
await interleaved(adopted);
withLogContext({ requestId: 'r1', password: 'p4ss-plain' }, () =>
  loggerProvider.getLogger('other').emit({ body: 'm', attributes: want({ requestId: 'r1' }) }),
);
const baggage = propagation.createBaggage({
  'tenant.id': { value: 't1' },
  secret: { value: 'not this' },
});
context.with(propagation.setBaggage(context.active(), baggage), () => {
  logger.info('baggage', want({ 'tenant.id': 't1' }));
  loggerProvider.getLogger('other').emit({ body: 'm', attributes: want({ 'tenant.id': 't1' }) });
  withLogContext({ 'tenant.id': 't2' }, () => logger.info('both', want({ 'tenant.id': 't2' })));
});
if (isMainThread) {
  await withLogContext({ requestId: 'of the main thread' }, () =>
    once(new Worker(new URL(import.meta.url)), 'exit'),
  );
}
await flush();
