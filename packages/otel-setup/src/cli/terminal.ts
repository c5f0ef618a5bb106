// The two streams a command speaks to, and the person who may answer.

import { createInterface } from 'node:readline/promises';

export interface Terminal {
  /** Standard output; resolves when there is room for more. */
  out(text: string): Promise<void>;
  /** One line to standard error. */
  tell(line: string): void;
  /** A line that replaces itself where a person watches; else one every ten seconds. */
  progress(line: string): void;
  /** Whether the typed answer is `yes`; undefined where nobody can be asked. */
  confirm(question: string): Promise<boolean> | undefined;
  /** The reader of standard output has seen enough. */
  readonly isGone: boolean;
  /** SGR codes around a text, where colours are wanted. */
  paint(text: string, code: string): string;
  readonly columns: number;
}

const progressIntervalMs = 10_000;

export function openTerminal(): Terminal {
  return new Streams(process.stdin, process.stdout, process.stderr, process.env);
}

class Streams implements Terminal {
  isGone = false;
  readonly #in: NodeJS.ReadStream;
  readonly #out: NodeJS.WriteStream;
  readonly #err: NodeJS.WriteStream;
  readonly #colour: boolean;
  #hasProgress = false;
  #toldAt = performance.now();
  #wake: (() => void) | undefined;

  constructor(
    input: NodeJS.ReadStream,
    out: NodeJS.WriteStream,
    err: NodeJS.WriteStream,
    env: NodeJS.ProcessEnv,
  ) {
    this.#in = input;
    this.#out = out;
    this.#err = err;
    this.#colour = wantsColour(out, env);
    out.on('error', (error: NodeJS.ErrnoException) => {
      // `| head` has what it wanted; anything else is trouble.
      if (error.code !== 'EPIPE' && !this.isGone) {
        process.exitCode = 1;
        this.tell(`otel-setup: standard output cannot be written: ${error.message}`);
      }
      this.isGone = true;
      this.#wake?.();
    });
    out.on('drain', () => this.#wake?.());
    err.on('error', () => {
      // Nobody is left to be told.
    });
  }

  get columns(): number {
    return this.#out.columns ?? 120;
  }

  async out(text: string): Promise<void> {
    this.#clear();
    if (this.isGone || this.#out.write(text)) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
  }

  tell(line: string): void {
    this.#clear();
    this.#err.write(`${line}\n`);
  }

  progress(line: string): void {
    if (this.#err.isTTY) {
      this.#err.write(`\r\u001b[K${line}`);
      this.#hasProgress = true;
      return;
    }
    if (performance.now() - this.#toldAt < progressIntervalMs) return;
    this.#toldAt = performance.now();
    this.#err.write(`${line}\n`);
  }

  confirm(question: string): Promise<boolean> | undefined {
    return this.#in.isTTY && this.#err.isTTY ? this.#ask(question) : undefined;
  }

  paint(text: string, code: string): string {
    return this.#colour ? `\u001b[${code}m${text}\u001b[0m` : text;
  }

  async #ask(question: string): Promise<boolean> {
    const lines = createInterface({ input: this.#in, output: this.#err });
    try {
      // Ctrl-C and the end of the input are a no.
      const end = new Promise<string>((resolve) => {
        lines.once('close', () => resolve(''));
      });
      const answer = await Promise.race([lines.question(question), end]);
      return answer.trim().toLowerCase() === 'yes';
    } finally {
      lines.close();
    }
  }

  #clear(): void {
    if (this.#hasProgress) this.#err.write('\r\u001b[K');
    this.#hasProgress = false;
  }
}

function wantsColour(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  const { FORCE_COLOR: forced = '', NO_COLOR: none = '' } = env;
  if (none !== '') return false;
  if (forced !== '') return forced !== '0' && forced !== 'false';
  return stream.isTTY === true && env.TERM !== 'dumb';
}
