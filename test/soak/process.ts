// The logging processes as the driver sees them.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Range } from './arrivals.ts';
import type { Sample } from './sample.ts';

export const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** A process group of its own: a Ctrl-C in the terminal is for the driver, which then ends the others in its way. */
export const ownGroup: boolean = process.platform !== 'win32';

export interface WriterOptions {
  readonly name: string;
  readonly first: number;
  readonly rate: number;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onSample: (sample: Sample) => void;
}

export class WriterProcess {
  /** The last it said of itself. */
  sample: Sample | undefined;
  readonly #options: WriterOptions;
  readonly #child: ChildProcess;
  readonly #control: string;
  readonly #ended: Promise<unknown>;

  constructor(options: WriterOptions) {
    const { env, first, folder, name, rate } = options;
    this.#options = options;
    this.#control = join(folder, `${name}-${first}`);
    const none = Buffer.alloc(8);
    none.writeDoubleLE(first - 1);
    writeFileSync(this.#control, none);
    const stderr = openSync(join(folder, 'notices.log'), 'a');
    this.#child = fork(pathOf('writer.ts'), [name, String(first), String(rate), this.#control], {
      env,
      stdio: ['ignore', 'ignore', stderr, 'ipc'],
      detached: ownGroup,
    });
    this.#child.on('message', (sample: Sample) => {
      this.sample = sample;
      options.onSample(sample);
    });
    this.#ended = once(this.#child, 'close');
  }

  /** What its log calls returned for. */
  get range(): Range {
    const last = readFileSync(this.#control).readDoubleLE(0);
    return { first: this.#options.first, last };
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async signal(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.#child.kill(signal);
    await this.#ended;
  }

  /** Ends the logging, and the process when nothing is pending. Its last sample, if it came to that. */
  async finish(timeoutMs: number): Promise<Sample | undefined> {
    const watchdog = setTimeout(() => this.#child.kill('SIGKILL'), timeoutMs);
    this.#child.send('end', () => undefined);
    await this.#ended;
    clearTimeout(watchdog);
    return this.sample?.isFinal === true ? this.sample : undefined;
  }
}
