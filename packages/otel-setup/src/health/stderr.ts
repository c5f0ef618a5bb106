// One line to stderr, whatever state stderr is in.

import { writeSync } from 'node:fs';

const pauseMs = 5;
const mostPauses = 20;

/**
 * By descriptor: a `process.stderr` whose reader is gone reports it by an error event, which ends an
 * application that has no listener for it.
 */
export function writeStderr(line: string, write: typeof writeSync = writeSync): void {
  const bytes = Buffer.from(`${line}\n`);
  let pauses = 0;
  for (let at = 0; at < bytes.length; ) {
    try {
      at += write(2, bytes, at);
    } catch (error) {
      // A closed stderr, or a full disk: there is nowhere left to tell it.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || pauses === mostPauses) return;
      // A pipe that Node has made non-blocking for the console, and whose reader lags behind: the others wait for it.
      pauses++;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    }
  }
}
