// One line to stderr, whatever state stderr is in.

import { writeSync } from 'node:fs';

/**
 * By descriptor: a `process.stderr` whose reader is gone reports it by an error event, which ends an
 * application that has no listener for it.
 */
export function writeStderr(line: string): void {
  const bytes = Buffer.from(`${line}\n`);
  try {
    for (let at = 0; at < bytes.length; ) {
      at += writeSync(2, bytes, at);
    }
  } catch {
    // A closed or full stderr: there is nowhere left to tell it.
  }
}
