// Logs 400 records, each hundred another way, half of them below `warn`; prints the ledger.
// Argument `code`: with rules of its own.
import { writeSync } from 'node:fs';
import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { init, type Processing } from 'otel-setup';

const processing: Processing = {
  rules: [
    { name: 'heartbeats', drop: { body: /^heartbeat/ } },
    { sample: { rate: 0.25 } },
    { rename: { user: 'customer' } },
    { add: { team: 'shop' } },
    { remove: ['noise'] },
  ],
};
const telemetry = init(process.argv[2] === 'code' ? { processing } : {});
const { logger, loggerProvider } = telemetry;
const emitter = loggerProvider.getLogger('emitter');
for (let nr = 0; nr < 100; nr++) {
  // The last 56 bits of a trace's id are its randomness: here every hundredth.
  const randomness = ((BigInt(nr) << 56n) / 100n).toString(16).padStart(14, '0');
  const span = {
    traceId: `${'a'.repeat(18)}${randomness}`,
    spanId: '00000000000000aa',
    traceFlags: 1,
  };
  const context = trace.setSpanContext(ROOT_CONTEXT, span);
  const fields = { nr, user: `u${nr}`, noise: 'x' };
  emitter.emit({ severityNumber: 9, body: 'by emit', attributes: fields, context });
  emitter.emit({ severityNumber: 17, body: 'an error', attributes: fields, context });
  logger.info(`heartbeat ${nr}`, fields);
  logger.child({ child: true }).error('from a child', fields);
}
await telemetry.flush();
writeSync(1, `${JSON.stringify(telemetry.stats())}\n`);
