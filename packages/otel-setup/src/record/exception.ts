// Errors as OpenTelemetry's exception attributes, with the whole chain of causes in the stack trace.

import { errorType, extraFields, isErrorLike, linkedValues } from './error-facts.ts';
import type { AnyValue } from './log-record.ts';
import { readField, readText } from './unreadable.ts';

interface ExceptionAttributes {
  readonly type: string;
  readonly message: string;
  readonly stacktrace: string;
}

type Render = (value: unknown) => AnyValue;

/** How far a chain of causes is followed, and how many Errors one stack trace tells. */
const maxChain = 8;
const maxErrors = 32;
/** UTF-16 units; Loki takes less. */
const maxStacks = 262_144;
const maxCause = 1_000;

/**
 * https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-logs/
 * `render` tells what is no Error in the chain of causes.
 */
export function exceptionOf(error: Error, render: Render): ExceptionAttributes {
  const message = readField(error, 'message');
  return {
    type: errorType(error),
    message: typeof message === 'object' ? jsonOf(render(message)) : readText(error, 'message'),
    stacktrace: new StackTrace(render).of(error),
  };
}

/** The stack as Node prints it, then `Caused by:` for each cause and one block for each of an AggregateError's members. */
class StackTrace {
  readonly #render: Render;
  readonly #blocks: string[] = [];
  #errors = 0;
  #room = maxStacks;

  constructor(render: Render) {
    this.#render = render;
  }

  of(error: Error): string {
    this.#tell('', error, []);
    return this.#blocks.join('\n');
  }

  #tell(relation: string, value: unknown, chain: readonly unknown[]): void {
    if (this.#errors >= maxErrors || this.#room <= 0) {
      return;
    }
    if (++this.#errors === maxErrors) {
      this.#blocks.push('[cut: more errors]');
      return;
    }
    const isCircular = chain.includes(value);
    const isKnown = isErrorLike(value);
    const text = isCircular
      ? '[Circular]'
      : isKnown
        ? this.#stackOf(value, chain)
        : this.#shown(value);
    this.#blocks.push(relation + text.slice(0, this.#room));
    this.#room -= text.length;
    if (isKnown && !isCircular) {
      this.#tellLinked(value, chain);
    }
  }

  #tellLinked(error: Error, chain: readonly unknown[]): void {
    const links = linkedValues(error);
    if (chain.length >= maxChain && links.length > 0) {
      this.#blocks.push('[cut: more causes]');
      return;
    }
    const longer = [...chain, error];
    for (const [name, linked] of links) {
      this.#tell(`${name}: `, linked, longer);
    }
  }

  /** The fields of the outermost Error are attributes; those of all others stand here, as Node prints them. */
  #stackOf(error: Error, chain: readonly unknown[]): string {
    const stack = ownStack(error);
    const fields = chain.length === 0 ? {} : extraFields(error);
    return Object.keys(fields).length === 0 ? stack : `${stack} ${this.#shown({ ...fields })}`;
  }

  #shown(value: unknown): string {
    const text = jsonOf(this.#render(value));
    const more = text.length - maxCause;
    return more > 0
      ? `${Buffer.from(text.slice(0, maxCause)).toString()} [cut: ${more} more]`
      : text;
  }
}

function jsonOf(rendered: AnyValue): string {
  return typeof rendered === 'string'
    ? rendered
    : (JSON.stringify(rendered, withoutBytes) ?? 'undefined');
}

function ownStack(error: Error): string {
  return readText(error, 'stack') || `${errorType(error)}: ${readText(error, 'message')}`;
}

function withoutBytes(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? `[${value.length} bytes]` : value;
}
