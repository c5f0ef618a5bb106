// Hot path: runs on the caller's thread for every record.
// Whether anybody but us reads what a logger writes.

import type { Logger } from 'winston';

interface Insides {
  readonly _readableState: { readonly pipes: unknown; readonly length: number };
  readonly _writableState: { readonly length: number };
}

/** `second`: another transport of ours. False, too, while something waits in the logger's buffers. */
export function isOnlyReader(logger: Logger, transport: object, second?: object): boolean {
  const { _readableState: readable, _writableState: writable } = logger as unknown as Insides;
  const readers = ownReaders(readable.pipes, transport, second);
  return (
    readers > 0 &&
    readable.length === 0 &&
    writable.length === 0 &&
    logger.listenerCount('data') === readers
  );
}

/** 0 where there are others. */
function ownReaders(pipes: unknown, first: object, second: object | undefined): number {
  if (second === undefined) {
    const isOnly = pipes === first || (Array.isArray(pipes) && pipes.length === 1);
    return isOnly && (pipes === first || (pipes as unknown[])[0] === first) ? 1 : 0;
  }
  const areBoth = Array.isArray(pipes) && pipes.length === 2;
  return areBoth && pipes.includes(first) && pipes.includes(second) ? 2 : 0;
}
