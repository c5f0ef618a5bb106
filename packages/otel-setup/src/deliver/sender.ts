// Sends one request body and says what came of it; owns the connections to one endpoint.

import type { LookupFunction } from 'node:net';
import type { Pool } from 'undici';
import type { Notice } from '../errors.ts';
import type { Clock, FileSystem } from '../world.ts';
import type { Answer, Send, SendFailure, ServerAnswer } from './answer.ts';
import { pack, unpack } from './compress.ts';
import { Connector } from './connector.ts';
import { describeFailure, failure } from './failure.ts';
import { maxBodyBytes, type Post, type RawAnswer, startPost } from './http-post.ts';
import { noAddress, type ProxySettings, proxyFor } from './proxy.ts';
import { TlsFiles, type TlsMaterial } from './tls-files.ts';
import { loadUndici } from './undici.ts';

export interface SenderEndpoint {
  /** The full URL of the POST, without user-info. */
  readonly url: string;
  /** Lower-case names; the values are secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** Paths of PEM files. */
  readonly certificate: string | undefined;
  readonly clientKey: string | undefined;
  readonly clientCertificate: string | undefined;
}

export interface SenderOptions {
  readonly endpoint: SenderEndpoint;
  /** Ms for one attempt: name, connection, request and answer together. */
  readonly timeoutMs: number;
  readonly compression: 'gzip' | 'none';
  readonly proxy: ProxySettings;
  readonly lookup: LookupFunction;
  readonly isForbiddenAddress: (ip: string) => boolean;
  /** Where credentials would travel in the open. */
  readonly isExposedAddress: (ip: string) => boolean;
  readonly fs: Pick<FileSystem, 'readFileSync' | 'statSync'>;
  readonly userAgent: string;
  readonly clock: Clock;
  /** Runs what it is given outside any trace: the pipeline's own requests make no spans. */
  readonly quietly: <T>(run: () => T) => T;
  /** Certificate files that changed and cannot be used. */
  readonly notice: (notice: Notice) => void;
}

export interface Sender {
  readonly send: Send;
  /** What a connection of now would use; undefined where the files have never been of use. */
  readonly tls: () => TlsMaterial | undefined;
  /** Ends all connections at once. */
  close(): Promise<void>;
}

// Shorter than any server's own: a connection that is closed while we write costs an attempt.
const idleMs = 4000;
const noFiles = { certificate: undefined, clientKey: undefined, clientCertificate: undefined };

/** undici would throw outside of any call of ours. */
function hasNodeTimers(): boolean {
  const timer: unknown = globalThis.setTimeout(() => undefined, 0);
  globalThis.clearTimeout(timer as NodeJS.Timeout);
  return typeof timer === 'object' && timer !== null && 'unref' in timer;
}

export function createSender(options: SenderOptions): Sender {
  const sender = new HttpSender(options);
  return {
    send: (body, signal) => options.quietly(() => sender.send(body, signal)),
    tls: () => sender.tls(),
    close: () => sender.close(),
  };
}

class HttpSender {
  readonly #options: SenderOptions;
  readonly #url: URL | undefined;
  readonly #tlsFiles: TlsFiles;
  /** All that are open, with their requests under way. */
  readonly #pools = new Map<Pool, { connector: Connector; requests: number }>();
  #pool: Pool | undefined;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#url = readUrl(options.endpoint.url);
    // Without TLS there is nothing to verify, and a file that is missing costs nothing.
    const isPlain = this.#url?.protocol === 'http:';
    this.#tlsFiles = new TlsFiles({
      ...(isPlain ? noFiles : options.endpoint),
      fs: options.fs,
      clock: options.clock,
      notice: options.notice,
    });
  }

  async send(body: Uint8Array, signal: AbortSignal): Promise<Answer> {
    try {
      const url = this.#url;
      const problem = this.#problem();
      if (url === undefined || problem !== undefined) {
        return failure('invalid-request', problem ?? 'not an http or https address', undefined);
      }
      if (!hasNodeTimers()) {
        return failure(
          'network',
          "the global setTimeout is not Node's: jsdom, or a mock",
          undefined,
        );
      }
      const isPacked = this.#options.compression === 'gzip' && body.length > 0;
      const wire = isPacked ? await pack(body) : body;
      const pool = await this.#openPool(url);
      if (pool === undefined) return failure('proxy', noAddress, undefined);
      if (signal.aborted) return failure('aborted', 'stopped', undefined);
      const path = `${url.pathname}${url.search}`;
      this.#count(pool, 1);
      const post = startPost(pool, { path, headers: this.#headers(isPacked), body: wire });
      const answer = await this.#withDeadline(post, signal);
      this.#count(pool, -1);
      if ('type' in answer) this.#retire(pool);
      return 'type' in answer ? answer : await readAnswer(answer, wire.length);
    } catch (error) {
      return describeFailure(error);
    }
  }

  tls(): TlsMaterial | undefined {
    return this.#tlsFiles.current();
  }

  async close(): Promise<void> {
    const pools = [...this.#pools];
    this.#pools.clear();
    this.#pool = undefined;
    for (const [, { connector }] of pools) connector.close();
    await Promise.all(pools.map(([pool]) => pool.destroy()));
  }

  async #openPool(url: URL): Promise<Pool | undefined> {
    if (this.#pool !== undefined) return this.#pool;
    const undici = await loadUndici();
    if (this.#pool !== undefined) return this.#pool;
    const proxy = proxyFor(url, this.#options.proxy);
    if (proxy === 'invalid') return undefined;
    const { lookup, isForbiddenAddress, isExposedAddress } = this.#options;
    const tlsFiles = this.#tlsFiles;
    const connector = new Connector({
      undici,
      lookup,
      isForbiddenAddress,
      isExposedAddress,
      tlsFiles,
      proxy,
      timeoutMs: 0,
    });
    const pool = new undici.Pool(url.origin, {
      connect: connector.open,
      connections: 2,
      pipelining: 1,
      keepAliveTimeout: idleMs,
      maxHeaderSize: 16 * 1024,
    });
    this.#pool = pool;
    this.#pools.set(pool, { connector, requests: 0 });
    return pool;
  }

  /** A connection failed: whatever else is open may be dead as well, so the next attempt opens anew. */
  #retire(pool: Pool): void {
    if (this.#pool === pool) this.#pool = undefined;
    const state = this.#pools.get(pool);
    const forget = (): void => {
      this.#pools.delete(pool);
      state?.connector.close();
    };
    // A client that is not destroyed connects again after an abort, for nobody.
    const isUnused = (state?.requests ?? 0) === 0;
    if (isUnused) state?.connector.close();
    (isUnused ? pool.destroy() : pool.close()).then(forget, forget);
  }

  #count(pool: Pool, change: number): void {
    const state = this.#pools.get(pool);
    if (state !== undefined) state.requests += change;
  }

  #withDeadline(post: Post, signal: AbortSignal): Promise<RawAnswer | SendFailure> {
    const { clock, timeoutMs } = this.#options;
    return new Promise((resolve) => {
      const end = (answer: RawAnswer | SendFailure): void => {
        clock.clearTimeout(timer);
        signal.removeEventListener('abort', stop);
        resolve(answer);
      };
      const stop = (): void => {
        end(failure('aborted', 'stopped', undefined));
        post.abort();
      };
      const timer = clock.setTimeout(() => {
        end(failure('timeout', `no complete answer within ${timeoutMs} ms`, undefined));
        post.abort();
      }, timeoutMs);
      timer.unref();
      signal.addEventListener('abort', stop);
      post.answer.then(end, (error: unknown) => end(describeFailure(error)));
    });
  }

  #headers(isPacked: boolean): Record<string, string> {
    return {
      'user-agent': this.#options.userAgent,
      ...this.#options.endpoint.headers,
      // Loki compares it exactly.
      'content-type': 'application/x-protobuf',
      ...(isPacked ? { 'content-encoding': 'gzip' } : {}),
    };
  }

  #problem(): string | undefined {
    for (const [name, value] of Object.entries(this.#options.endpoint.headers)) {
      // Latin-1 travels, as the configuration promises. The value is a secret, so it is not shown.
      if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
        return `the header ${name} holds a character that HTTP cannot carry, such as a line break`;
      }
    }
    return undefined;
  }
}

function readUrl(text: string): URL | undefined {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined;
  return url.username === '' && url.password === '' ? url : undefined;
}

/** We ask for no compressed answer; one that comes anyway is unpacked within the same bound. */
async function readAnswer(raw: RawAnswer, wireBytes: number): Promise<ServerAnswer> {
  const { status, headers } = raw;
  const base = { type: 'answer', status, headers, wireBytes } as const;
  if (raw.contentEncoding === undefined || raw.body.length === 0) {
    return { ...base, body: raw.body, cut: raw.cut };
  }
  const body = raw.cut ? undefined : await unpack(raw.body, maxBodyBytes);
  return { ...base, body: body ?? new Uint8Array(0), cut: body === undefined };
}
