// Hundreds of spans at once, each logging in every way that winston has, beside every mix of transports.
// Each record carries the ids of the span in which it was logged. The last line of the output says
// which records must arrive. First argument: the API, `1.10` or `1.9`; second: `instrumented`.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { PassThrough, Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { isMainThread, Worker } from 'node:worker_threads';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import type { Logger } from 'winston';
import { mixes, startSink } from './trace-mixes.ts';

const [version = '1.10', instrumented] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const apiName = version === '1.9' ? 'opentelemetry-api-1.9' : '@opentelemetry/api';
const { context, trace } = require(apiName) as typeof import('@opentelemetry/api');
if (!context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())) {
  throw new Error('The context manager was not taken.');
}
if (instrumented !== undefined) {
  const { WinstonInstrumentation } = require('@opentelemetry/instrumentation-winston');
  new WinstonInstrumentation().enable();
}
const winston = require('winston') as typeof import('winston');
const { init } = await import('otel-setup');

const spansPerMix = 25;
const thread = isMainThread ? 'm' : 'w';
const levelSymbol = Symbol.for('level');
const { flush, loggerProvider } = init();
const expected: string[] = [];

interface Fields {
  readonly id: string;
  readonly traceId: string;
  readonly spanId: string;
}

type Call = (logger: Logger, fields: Fields) => unknown;

const shared = new Error('one object, logged in each span');
const other = loggerProvider.getLogger('other');

const calls: readonly Call[] = [
  (logger, fields) => logger.info('text and fields', fields),
  (logger, fields) => logger.child({ child: true }).warn('of a child', fields),
  (logger, fields) => logger.log({ level: 'info', message: 'one object', ...fields }),
  (logger, fields) => logger.child(fields).log('info', 'with a %s', 'token'),
  (logger, fields) => logger.error(Object.assign(new RangeError('an Error'), fields)),
  (logger, fields) => logger.error('text and', Object.assign(new Error('an Error'), fields)),
  (logger, fields) => logger.error(Object.assign(shared, fields)),
  (logger, fields) => logger.startTimer().done({ message: 'profiled', level: 'info', ...fields }),
  (logger, fields) => logger.profile(fields.traceId),
  (logger, fields) => logger.profile(fields.traceId, { level: 'info', message: '', ...fields }),
  (logger, fields) =>
    logger.write({ level: 'info', [levelSymbol]: 'info', message: 'written', ...fields }),
  (_logger, fields) => other.emit({ body: 'emitted', attributes: { ...fields } }),
];

const turns: readonly (() => Promise<unknown>)[] = [
  () => new Promise((resolve) => setImmediate(resolve)),
  () => new Promise<void>((resolve) => process.nextTick(resolve)),
  () => new Promise<void>((resolve) => queueMicrotask(resolve)),
  () => Promise.resolve(),
  () => delay(1),
];

function inSpan<T>(mix: string, number: number, run: (fields: Fields) => T): T {
  const traceId = randomBytes(16).toString('hex');
  const spanId = randomBytes(8).toString('hex');
  const span = trace.wrapSpanContext({ traceId, spanId, traceFlags: 1 });
  const fields = { id: `${thread}/${mix}/${number}`, traceId, spanId };
  return context.with(trace.setSpan(context.active(), span), () => run(fields));
}

async function logAll(logger: Logger, mix: string, number: number): Promise<void> {
  await inSpan(mix, number, async (span) => {
    for (const [index, call] of calls.entries()) {
      await turns[(number + index) % turns.length]?.();
      const fields = { ...span, id: `${span.id}/${index}` };
      attempt(() => call(logger, fields));
      if (call !== calls[8]) expected.push(fields.id);
      if (mix === 'format that drops') logger.info('dropped', { ...fields, drop: true });
    }
  });
}

/** A sibling's error comes out of the log call, as it does without us. */
function attempt(call: () => void): void {
  try {
    call();
  } catch (error) {
    if ((error as Error).message !== 'of the transport') throw error;
  }
}

/** An Error that nobody catches; the fields are the Error's own. */
function crash(mix: string, number: number, later: (run: () => void) => unknown): void {
  inSpan(mix, number, (fields) => {
    expected.push(fields.id);
    later(() => {
      throw Object.assign(new Error('uncaught'), fields);
    });
  });
}

/** winston's handlers of exceptions and rejections. */
async function crashes(): Promise<void> {
  const stream = () => new winston.transports.Stream({ stream: new PassThrough() });
  const options = { exceptionHandlers: [stream()], rejectionHandlers: [stream()] };
  const logger = winston.createLogger({ ...options, exitOnError: false, transports: [stream()] });
  init({ logger });
  const ways = [
    setImmediate,
    process.nextTick,
    queueMicrotask,
    (run: () => void) => setTimeout(run, 1),
  ];
  for (const [number, later] of ways.entries()) {
    crash('uncaught', number, later);
  }
  crash('rejected', 0, async (run) => run());
  await delay(20);
}

/** Read by others, and written to by a pipe. */
function useStreams(logger: Logger, mix: string): void {
  logger.on('data', () => undefined);
  logger.stream({ start: -1 }).on('error', () => undefined);
  const id = `${thread}/${mix}/piped`;
  expected.push(id);
  Readable.from([{ level: 'info', message: 'piped', id, traceId: '', spanId: '' }]).pipe(logger, {
    end: false,
  });
}

async function storm(folder: string): Promise<void> {
  const { server, port } = await startSink();
  const running = Object.entries(mixes(winston, folder, port)).flatMap(([mix, options]) => {
    const logger = winston.createLogger(options).on('error', () => undefined);
    for (const sibling of logger.transports) sibling.on('error', () => undefined);
    init({ logger });
    if (mix === 'console' || mix === 'alone') useStreams(logger, mix);
    return Array.from({ length: spansPerMix }, (_, number) => logAll(logger, mix, number));
  });
  await Promise.all([...running, crashes()]);
  await flush();
  server.close();
  server.closeAllConnections();
}

const { LOG_FOLDER = '' } = process.env;
if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) });
  const [[ofWorker]] = await Promise.all([once(worker, 'message'), storm(LOG_FOLDER)]);
  process.stdout.write(`\n${JSON.stringify([...expected, ...ofWorker])}\n`, () => process.exit());
} else {
  await storm(LOG_FOLDER);
  const { parentPort } = await import('node:worker_threads');
  parentPort?.postMessage(expected);
}
