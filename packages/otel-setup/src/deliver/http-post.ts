// One POST on a pool: the answer's body is read as far as it is of use, and no further.

import type { Dispatcher, Pool } from 'undici';
import type { AnswerHeaders } from './answer.ts';
import { ConnectError } from './failure.ts';

export interface RawAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly contentEncoding: string | undefined;
  /** As it came, at most `maxBodyBytes`. */
  readonly body: Uint8Array;
  readonly cut: boolean;
}

export interface PostOptions {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export const maxBodyBytes: number = 64 * 1024;
/** Answers of 1xx that a server may send before the one that counts: none is of use here, and each is garbage. */
const mostInterim = 100;

export interface Post {
  /** Rejects with undici's error. */
  readonly answer: Promise<RawAnswer>;
  /** Gives the request up, wherever it is; its connection is not used again. */
  abort(): void;
}

export function startPost(pool: Pool, options: PostOptions): Post {
  const exchange = new Exchange();
  const answer = new Promise<RawAnswer>((resolve, reject) => {
    exchange.resolve = resolve;
    exchange.reject = reject;
    pool.dispatch(
      // undici's own time-outs run on the global timers, which an application may have replaced.
      { ...options, method: 'POST', headersTimeout: 0, bodyTimeout: 0 },
      exchange,
    );
  });
  return { answer, abort: () => exchange.abort() };
}

class Exchange implements Dispatcher.DispatchHandler {
  resolve: (answer: RawAnswer) => void = () => undefined;
  reject: (error: Error) => void = () => undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #isAborted = false;
  #status = 0;
  #interim = 0;
  #headers: Readonly<Record<string, string | string[] | undefined>> = {};
  #chunks: Uint8Array[] = [];
  #bytes = 0;

  abort(): void {
    this.#isAborted = true;
    this.#controller?.abort(new Error('aborted'));
    // A request that waits for its connection has no controller yet; nobody waits for it any more.
    this.reject(new Error('aborted'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isAborted) controller.abort(new Error('aborted'));
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (status >= 200) {
      this.#status = status;
      this.#headers = headers;
      return;
    }
    this.#interim++;
    if (this.#interim <= mostInterim) return;
    controller.abort(new ConnectError('interim answers (1xx) without end', { kind: 'network' }));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const room = maxBodyBytes - this.#bytes;
    // A copy: the chunk is a view of the parser's memory.
    this.#chunks.push(Uint8Array.prototype.slice.call(chunk, 0, room));
    this.#bytes += Math.min(chunk.length, room);
    if (chunk.length <= room) return;
    this.resolve(this.#answer(true));
    controller.abort(new Error('the answer is too long'));
  }

  onResponseEnd(): void {
    this.resolve(this.#answer(false));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.reject(error);
  }

  #answer(cut: boolean): RawAnswer {
    return {
      status: this.#status,
      headers: {
        contentType: this.#header('content-type'),
        retryAfter: this.#header('retry-after'),
        date: this.#header('date'),
      },
      contentEncoding: this.#header('content-encoding'),
      body: Buffer.concat(this.#chunks),
      cut,
    };
  }

  #header(name: string): string | undefined {
    const value = this.#headers[name];
    return Array.isArray(value) ? value[0] : value;
  }
}
