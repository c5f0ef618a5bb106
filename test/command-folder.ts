// What a command of this repository makes on the disk is gone when it ends, also where Ctrl-C or SIGTERM ends it.

import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

const kept = new Set<string>();

/** A folder that is removed when the process exits, unless it is kept. */
export function commandFolder(name: string, parent: string = tmpdir()): string {
  const folder = mkdtempSync(join(parent, `otel-setup-${name}-`));
  process.on('exit', () => {
    // A child that is ending may still write there.
    if (!kept.has(folder)) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });
  return folder;
}

export function keepFolder(folder: string): void {
  kept.add(folder);
}

/** From now on these signals make the process exit, so that what waits for its exit is done. */
export function exitAt(...signals: readonly ('SIGINT' | 'SIGTERM')[]): void {
  for (const signal of signals) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
}
