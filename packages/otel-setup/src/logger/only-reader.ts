// Hot path: runs on the caller's thread for every record.
// Whether anybody but us sees what a logger writes.

import type { Logger } from 'winston';

interface Insides {
  readonly _readableState: {
    readonly pipes: unknown;
    readonly length: number;
    /** Somebody reads by hand, or in a `for await`. */
    readonly readableListening: boolean;
  };
  readonly _writableState: { readonly length: number };
}

interface Writes {
  readonly write?: unknown;
}

/** `second`: another transport of ours. False, too, while something waits in the logger's buffers. */
export type IsOnlyReader = (transport: object, second?: object) => boolean;

/**
 * For one logger whose `write` is not ours yet. Whoever wraps it, or that of winston's prototype, reads and may change
 * each info: instrumentation-winston for its logHook, dd-trace for its ids. Their records go by them.
 */
export function createIsOnlyReader(logger: Logger): IsOnlyReader {
  if (Object.hasOwn(logger, 'write')) {
    return () => false;
  }
  const prototype: Writes = Object.getPrototypeOf(logger);
  const streams = streamsBelow(prototype);
  const { _readableState: readable, _writableState: writable } = logger as unknown as Insides;
  return (transport, second) => {
    const readers = ownReaders(readable.pipes, transport, second);
    return (
      readers > 0 &&
      prototype.write === streams?.write &&
      readable.length === 0 &&
      !readable.readableListening &&
      writable.length === 0 &&
      logger.listenerCount('data') === readers
    );
  };
}

/** The stream that winston's Logger extends: the prototype below the one that has `configure`. */
function streamsBelow(prototype: object): Writes | undefined {
  let current: object | null = prototype;
  while (current !== null && !Object.hasOwn(current, 'configure')) {
    current = Object.getPrototypeOf(current);
  }
  return current === null ? undefined : Object.getPrototypeOf(current);
}

/** 0 where there are others. */
function ownReaders(pipes: unknown, first: object, second: object | undefined): number {
  if (!Array.isArray(pipes)) {
    return pipes === first && second === undefined ? 1 : 0;
  }
  if (second === undefined) {
    return pipes.length === 1 && pipes[0] === first ? 1 : 0;
  }
  return pipes.length === 2 && pipes.includes(first) && pipes.includes(second) ? 2 : 0;
}
