// Errors as OpenTelemetry's exception attributes, with the whole chain of causes in the stack trace.

import { type Info, splatSymbol } from './info.ts';
import { errorText, readField } from './render-value.ts';

export interface ExceptionAttributes {
  readonly type: string;
  readonly message: string;
  readonly stacktrace: string;
}

const maxChain = 8;

/** https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-logs/ */
export function exceptionOf(error: Error): ExceptionAttributes {
  return { type: typeOf(error), message: textOf(error, 'message'), stacktrace: stackTrace(error) };
}

/** What is left of an Error that winston or a format has copied into a plain object. */
export function exceptionOfStack(
  stack: string,
  message: string,
  cause: Error | undefined,
): ExceptionAttributes {
  const type = /^([A-Za-z_$][\w$.]*(?:Error|Exception)?)(?:: |\n|$)/.exec(stack)?.[1];
  const stacktrace = cause === undefined ? stack : `${stack}\nCaused by: ${stackTrace(cause)}`;
  return { type: type ?? 'Error', message, stacktrace };
}

export function isStack(value: unknown): value is string {
  return typeof value === 'string' && value.includes('\n    at ');
}

/** The Error that this record is about, unless it stands in a field. */
export function errorOf(info: Info): Error | undefined {
  if (isError(info)) {
    return info;
  }
  if (isError(info.message)) {
    return info.message;
  }
  const first = info[splatSymbol]?.[0];
  return isError(first) ? first : undefined;
}

/** What an Error has besides what every Error has. */
export function extraFields(error: Error): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const key of Object.keys(error)) {
    if (key !== 'level' && key !== 'cause' && key !== 'stack' && key !== 'message') {
      fields[key] = readField(error, key);
    }
  }
  return fields;
}

/** Total: `instanceof` itself throws for a revoked Proxy. */
export function isError(value: unknown): value is Error {
  try {
    return value instanceof Error;
  } catch {
    // What cannot even be asked is rendered as unreadable, like any other value.
    return false;
  }
}

function typeOf(error: Error): string {
  const name = textOf(error, 'name');
  const className = error.constructor?.name;
  return name === 'Error' && className ? className : name || className || 'Error';
}

function textOf(error: Error, field: 'name' | 'message' | 'stack'): string {
  try {
    const value: unknown = error[field];
    return typeof value === 'string' ? value : value === undefined ? '' : String(value);
  } catch (failure) {
    return `[unreadable: ${errorText(failure)}]`;
  }
}

/** The stack as Node prints it, then `Caused by:` for each cause and one block for each of an AggregateError's members. */
function stackTrace(error: Error, chain: readonly unknown[] = []): string {
  const own = textOf(error, 'stack') || `${typeOf(error)}: ${textOf(error, 'message')}`;
  if (chain.length >= maxChain) {
    return own;
  }
  const seen = [...chain, error];
  const members =
    error instanceof AggregateError && Array.isArray(error.errors) ? error.errors : [];
  return [
    own,
    ...members.slice(0, maxChain).map((member, i) => `errors[${i}]: ${linked(member, seen)}`),
    ...(error.cause === undefined ? [] : [`Caused by: ${linked(error.cause, seen)}`]),
  ].join('\n');
}

function linked(value: unknown, seen: readonly unknown[]): string {
  if (seen.includes(value)) {
    return '[Circular]';
  }
  return isError(value) ? stackTrace(value, seen) : errorText(value);
}
