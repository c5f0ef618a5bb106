// A Fastify service whose own log, request.log included, goes through winston.

import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyBaseLogger } from 'fastify';
import { init } from 'otel-setup';
import { createLogger, format, type Logger, transports } from 'winston';

// Fastify calls fatal() and trace(), which winston's own levels do not have.
const levels = { fatal: 0, error: 1, warn: 2, info: 3, debug: 4, trace: 5 };

// JSON alone makes {} of an Error.
const readable = format((info) =>
  info.err instanceof Error ? { ...info, err: info.err.stack } : info,
);
const toConsole = new transports.Console({
  format: format.combine(readable(), format.timestamp(), format.json()),
});
const { logger } = init({
  logger: createLogger({ levels, level: 'info', transports: [toConsole] }),
});

// Fastify logs as pino does: the fields first, then the message; its requests and replies are large.
const summaries: Record<string, (value: never) => unknown> = {
  req: ({ method, url }: { method: string; url: string }) => ({ method, url }),
  res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
};

function fieldsOf(given: unknown): object {
  if (given instanceof Error) return { err: given };
  return Object.fromEntries(
    Object.entries(given ?? {}).map(([key, value]) => [
      key,
      summaries[key]?.(value as never) ?? value,
    ]),
  );
}

function forFastify(to: Logger): FastifyBaseLogger {
  const at =
    (level: keyof typeof levels) =>
    (given: unknown, message?: string, ...more: unknown[]): void => {
      if (typeof given === 'string') {
        to.log(level, given, ...[message, ...more].filter((each) => each !== undefined));
        return;
      }
      const said = message ?? (given instanceof Error ? given.message : '');
      to.log(level, said, ...more, fieldsOf(given));
    };
  return {
    level: to.level,
    silent: () => undefined,
    fatal: at('fatal'),
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    trace: at('trace'),
    child: (fields) => forFastify(to.child(fields)),
  };
}

const app = Fastify({ loggerInstance: forFastify(logger) });

app.post<{ Body: { orderId: number } }>('/orders', async (request, reply) => {
  if (request.body.orderId === 13) {
    throw new RangeError('no order has this number');
  }
  request.log.info({ orderId: request.body.orderId }, 'order placed');
  return reply.code(201).send();
});

await app.listen({ port: Number(process.argv[2] ?? 3000) });
logger.info('listening', { port: (app.server.address() as AddressInfo).port });
