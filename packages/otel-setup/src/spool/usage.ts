// The cap: what lies below the whole root, over all processes, and how much of it may.

import type { Context } from './context.ts';
import type { Home } from './home.ts';
import { versionDirectory } from './layout.ts';
import { tally } from './tally.ts';

const mebibyte = 1024 * 1024;
const tmpfsType = 0x01021994;
const ramfsType = 0x858458f6;
const walkIntervalMs = 5_000;

export class Usage {
  readonly #context: Context;
  #total = 0;
  #countedAt = Number.NEGATIVE_INFINITY;
  readonly #memoryRoots = new Map<string, boolean>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** 512 MiB, 128 MiB on Kubernetes, 32 MiB where the file system is memory. */
  maxBytes(home: Home): number {
    const { config } = this.#context.options;
    if (config.maxBytes !== undefined) return config.maxBytes;
    if (this.#isMemory(home.root)) return 32 * mebibyte;
    return (config.onKubernetes ? 128 : 512) * mebibyte;
  }

  /** Bytes by which `more` would exceed the cap. Counted anew from the files when it might be close. */
  excess(home: Home, more: number): number {
    const max = this.maxBytes(home);
    const now = this.#context.clock.monotonic();
    this.#total += more;
    if (now - this.#countedAt > walkIntervalMs || this.#total > max) {
      this.#total = tally(this.#context.fs, `${home.root}/${versionDirectory}`).bytes + more;
      this.#countedAt = now;
    }
    return this.#total - max;
  }

  freed(bytes: number): void {
    this.#total -= bytes;
  }

  #isMemory(path: string): boolean {
    const known = this.#memoryRoots.get(path);
    if (known !== undefined) return known;
    try {
      const { type } = this.#context.fs.statfsSync(path);
      const isMemory = type === tmpfsType || type === ramfsType;
      this.#memoryRoots.set(path, isMemory);
      return isMemory;
    } catch {
      // Asked again the next time.
      return false;
    }
  }
}
