// A writer's obligations: how many of its log calls have returned, written down after each of them. The page cache
// keeps it when the process is killed.

import { closeSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export class ControlFile {
  readonly #fd: number;
  readonly #bytes = Buffer.alloc(8);

  constructor(path: string) {
    this.#fd = openSync(path, 'wx');
  }

  /** Hot: after each log call. */
  returned(seq: number): void {
    this.#bytes.writeDoubleLE(seq);
    writeSync(this.#fd, this.#bytes, 0, 8, 0);
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** Writer to the highest seq whose call returned. */
export function readObligations(folder: string): Map<string, number> {
  const obligations = new Map<string, number>();
  for (const name of readdirSync(folder)) {
    const bytes = readFileSync(join(folder, name));
    obligations.set(name, bytes.length < 8 ? 0 : bytes.readDoubleLE());
  }
  return obligations;
}
