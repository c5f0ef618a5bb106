// Compiled under every module setting of the table in cases/typescript.ts, and then run.

import { ConfigError, type InitOptions, init, type Telemetry } from 'otel-setup';
import type { Logger } from 'winston';

const options: InitOptions = { strict: true };
const telemetry: Telemetry = init(options);
const logger: Logger = telemetry.logger;

logger.info('order placed', { orderId: 42 });
logger.child({ requestId: 'r-1' }).warn('stock low');
logger.error('payment failed', new TypeError('card refused'));

async function close(): Promise<void> {
  const { pending } = await telemetry.shutdown();
  const { accepted, delivered } = telemetry.stats();
  process.stdout.write(`${telemetry.route}: ${delivered} of ${accepted}, ${pending} pending\n`);
  if (delivered !== 3 || accepted !== 3 || pending !== 0) process.exitCode = 3;
}

close().catch((error: unknown) => {
  process.stderr.write(error instanceof ConfigError ? error.problems.join('\n') : String(error));
  process.exitCode = 1;
});
