// An adopted logger with a transport of its own: prints what that one saw, and what became of the fields.
import { writeSync } from 'node:fs';
import { init } from 'otel-setup';
import winston from 'winston';
import Transport from 'winston-transport';

const seen: unknown[] = [];
class Beside extends Transport {
  override log(info: unknown, callback: () => void): void {
    seen.push(info);
    callback();
  }
}

const logger = winston.createLogger({ transports: [new Beside()] });
const { flush, stats } = init({
  logger,
  redaction: { keys: ['plan'], paths: ['req.body.*'], patterns: [/ZX-\d+/] },
});
const fields = { password: 'hunter2', plan: 'B', req: { body: { x: 1 } }, note: 'see ZX-17' };
logger.info('Bearer abc123def456', fields);
await flush();
writeSync(1, `${JSON.stringify({ seen, fields, redacted: stats().redacted })}\n`);
