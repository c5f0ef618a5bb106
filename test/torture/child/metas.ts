// Logs each of a list of fields that claim to be something of the record itself, beside the same call without them.

import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { init } from 'otel-setup';
import winston from 'winston';
import { claims, spanContext } from '../claims.ts';

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
const { combine, json, splat, timestamp } = winston.format;
const adopted = winston.createLogger({
  format: combine(splat(), timestamp(), json()),
  transports: [new winston.transports.Console({ silent: true })],
});
const { logger, flush } = init();
init({ logger: adopted });

context.with(trace.setSpan(context.active(), trace.wrapSpanContext(spanContext)), () => {
  for (const [claim, fields] of claims.entries()) {
    for (const [by, target] of Object.entries({ made: logger, adopted })) {
      target.warn('plain', { claim, by });
      target.warn('fields', { ...fields, claim, by });
      target.warn('splat %s', 'x', { ...fields, claim, by });
      target.log('warn', 'by log()', { ...fields, claim, by });
      target.child({ ...fields, claim, by }).warn('of a child');
    }
  }
});
await flush();
