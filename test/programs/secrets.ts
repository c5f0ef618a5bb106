// Logs every planted secret, and all that only looks like one; prints what the ledger says of it.
import { writeSync } from 'node:fs';
import { init } from 'otel-setup';
import { innocentFields, innocentTexts } from '../redaction/innocents.ts';
import { planted } from '../redaction/planted.ts';

const telemetry = init(process.env.REDACTION === 'off' ? { redaction: false } : {});
const { logger } = telemetry;
for (const { log } of planted) {
  log(telemetry);
}
for (const [innocent, fields] of innocentFields.entries()) {
  logger.info('innocent', { innocent, fields, ...fields });
}
for (const [innocentText, text] of innocentTexts.entries()) {
  logger.info(text, { innocentText, note: text });
}
await telemetry.flush();
writeSync(1, `${JSON.stringify(telemetry.stats())}\n`);
