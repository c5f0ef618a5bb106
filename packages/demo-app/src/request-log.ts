// Gives each request a child logger with its id, a line at the end, and the caller its trace.

import { randomUUID } from 'node:crypto';
import { trace } from '@opentelemetry/api';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Logger } from 'winston';

export function requestLog(logger: Logger): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    const started = performance.now();
    const requestId = randomUUID().slice(0, 8);
    const log = logger.child({ requestId });
    response.locals.log = log;
    response.setHeader('x-request-id', requestId);
    const traceparent = currentTraceparent();
    if (traceparent !== undefined) response.setHeader('traceparent', traceparent);
    const path = request.path;
    response.on('finish', () => {
      log.http(`${request.method} ${path} ${response.statusCode}`, {
        'http.request.method': request.method,
        'url.path': path,
        'http.response.status_code': response.statusCode,
        durationMs: Math.round((performance.now() - started) * 1000) / 1000,
      });
    });
    next();
  };
}

/** The logger of this request. */
export function logOf(response: Response): Logger {
  return response.locals.log as Logger;
}

/** https://www.w3.org/TR/trace-context/#traceparent-header */
function currentTraceparent(): string | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  if (span === undefined) return undefined;
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`;
}
