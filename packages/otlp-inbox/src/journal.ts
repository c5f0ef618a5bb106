// Writes a line of JSON per request, before the request is answered.

import { hash } from 'node:crypto';
import { appendFileSync, closeSync, openSync } from 'node:fs';
import type { DecodedLogs, DecodedResource } from './decode/logs.ts';
import type { RequestEntry } from './store.ts';

/** The file takes no more: full, gone, forbidden. */
export class JournalError extends Error {
  override name = 'JournalError';
}

export class Journal {
  readonly #path: string;
  /** Undefined once it is closed: its number may be another file's by then. */
  #file: number | undefined;
  readonly #idAttribute: string;

  /** @throws JournalError */
  constructor(path: string, idAttribute: string) {
    this.#path = path;
    this.#file = this.#try(() => openSync(path, 'a'));
    this.#idAttribute = idAttribute;
  }

  /** `kept` holds the LogRecord bytes that were stored. @throws JournalError */
  write(request: RequestEntry, logs: readonly DecodedLogs[], kept: ReadonlySet<Uint8Array>): void {
    const file = this.#file;
    // A request that was unpacked while the inbox closed.
    if (file === undefined) return;
    const resources = new Map<DecodedResource, string>();
    const records = logs.flatMap(({ resource, records: sent }) => {
      const resourceSha256 = resources.get(resource) ?? hash('sha256', resource.bytes);
      resources.set(resource, resourceSha256);
      return sent.map(({ attributes, bytes }) => ({
        id: attributes[this.#idAttribute],
        sha256: hash('sha256', bytes),
        resourceSha256,
        stored: kept.has(bytes),
      }));
    });
    const { authorization } = request.headers;
    const line = {
      n: request.n,
      atMs: Number(process.hrtime.bigint() / 1000n) / 1000,
      path: request.path,
      headerNames: Object.keys(request.headers),
      credentialSha256: authorization === undefined ? null : hash('sha256', authorization),
      bytes: request.bodyBytes,
      status: request.status,
      stored: request.stored,
      duplicates: request.duplicates,
      rejected: request.rejected,
      records,
    };
    // Unlike `writeSync`, it goes on after a part: a disk that fills up leaves no half line unsaid.
    this.#try(() => appendFileSync(file, `${JSON.stringify(line, plain)}\n`));
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #try<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      const { message } = error as Error;
      const fix = 'Make room or set its permissions, or name another file.';
      throw new JournalError(`the journal ${this.#path} cannot be written: ${message}. ${fix}`, {
        cause: error,
      });
    }
  }
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
