// Logs planted secrets while nobody listens, and delivers them when its parent says so.

import { writeSync } from 'node:fs';
import { init } from 'otel-setup';
import { planted } from '../../redaction/planted.ts';

const telemetry = init();
for (const { log } of planted) log(telemetry);
writeSync(1, 'logged\n');
process.stdin.once('data', async () => {
  await telemetry.flush(30_000);
  writeSync(1, `${JSON.stringify(telemetry.stats())}\n`);
  process.stdin.destroy();
});
