// Two hundred requests at once, each in a span of its own, with an asynchronous transport beside ours.
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { init } from 'otel-setup';
import winston from 'winston';
import Transport from 'winston-transport';

class Slow extends Transport {
  override log(_info: unknown, callback: () => void): void {
    setTimeout(callback, 1);
  }
}

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
const logger = winston.createLogger({ transports: [new Slow()] });
const { flush } = init({ logger });

async function request(id: number): Promise<void> {
  const traceId = id.toString(16).padStart(32, 'a');
  const spanId = id.toString(16).padStart(16, 'b');
  const span = trace.wrapSpanContext({ traceId, spanId, traceFlags: 1 });
  await context.with(trace.setSpan(context.active(), span), async () => {
    const child = logger.child({ id });
    child.info('begin', { traceId, spanId });
    await new Promise((resolve) => setImmediate(resolve));
    child.info('end', { traceId, spanId });
  });
}

await Promise.all(Array.from({ length: 200 }, (_, id) => request(id)));
await flush();
