// Hot path: runs on the caller's thread for every record.
// Whether anybody but us reads what a logger writes.

import type { Logger } from 'winston';
import type { OtelSetupTransport } from './transport.ts';

/** False, too, while something waits in the logger's buffers. */
export function isOnlyReader(logger: Logger, transport: OtelSetupTransport): boolean {
  const { _readableState: readable, _writableState: writable } = logger as unknown as {
    _readableState: { pipes: unknown; length: number };
    _writableState: { length: number };
  };
  const { pipes } = readable;
  const isOnly =
    pipes === transport || (Array.isArray(pipes) && pipes.length === 1 && pipes[0] === transport);
  return (
    isOnly && readable.length === 0 && writable.length === 0 && logger.listenerCount('data') === 1
  );
}
