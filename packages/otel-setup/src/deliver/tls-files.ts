// The PEM files of an endpoint, read again when they change. Verification is never switched off.

import { X509Certificate } from 'node:crypto';
import tls from 'node:tls';
import type { Notice } from '../errors.ts';
import type { Clock, FileSystem } from '../world.ts';

export interface TlsFileOptions {
  /** Paths; undefined where none is set. */
  readonly certificate: string | undefined;
  readonly clientKey: string | undefined;
  readonly clientCertificate: string | undefined;
  readonly fs: Pick<FileSystem, 'readFileSync' | 'statSync'>;
  readonly clock: Clock;
  readonly notice: (notice: Notice) => void;
}

/** What tls.connect takes; a new object when the files have changed. */
export interface TlsMaterial {
  readonly ca?: string[];
  readonly cert?: string;
  readonly key?: string;
}

const checkEveryMs = 5000;
const maxFileBytes = 10 * 1024 * 1024;

export class TlsFiles {
  readonly #options: TlsFileOptions;
  readonly #paths: readonly string[];
  #material: TlsMaterial | undefined;
  #fingerprint = '';
  #checkedMs = Number.NEGATIVE_INFINITY;
  #problem = '';
  /** The file that was read last: the one that a failure is about. */
  #reading = '';

  constructor(options: TlsFileOptions) {
    const { certificate, clientKey, clientCertificate } = options;
    this.#options = options;
    this.#paths = [certificate, clientKey, clientCertificate].filter((path) => path !== undefined);
  }

  /** Undefined where the files have never been readable: then there is no connection. */
  current(): TlsMaterial | undefined {
    if (this.#paths.length === 0) {
      this.#material ??= {};
      return this.#material;
    }
    const now = this.#options.clock.monotonic();
    if (now - this.#checkedMs < checkEveryMs) return this.#material;
    this.#checkedMs = now;
    const fingerprint = this.#paths.map((path) => this.#stat(path)).join('\n');
    if (fingerprint !== this.#fingerprint) this.#reload(fingerprint);
    return this.#material;
  }

  /** Why there is no material, for a failure's message. */
  get problem(): string {
    return this.#problem;
  }

  #stat(path: string): string {
    try {
      const { mtimeMs, size } = this.#options.fs.statSync(path);
      return `${mtimeMs} ${size}`;
    } catch (error) {
      // Part of the fingerprint: the reading that follows tells it.
      return String((error as NodeJS.ErrnoException).code);
    }
  }

  #reload(fingerprint: string): void {
    this.#fingerprint = fingerprint;
    try {
      const material = this.#read();
      // OpenSSL passes over an authority that it cannot read.
      if (material.ca !== undefined) readFirstCertificate(material.ca.at(-1) ?? '');
      tls.createSecureContext(material);
      this.#material = material;
      this.#problem = '';
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
      this.#problem = `${this.#reading} cannot be used (${code})`;
      if (this.#material !== undefined) this.#tellOldOnes();
    }
  }

  #read(): TlsMaterial {
    const { certificate, clientKey, clientCertificate } = this.#options;
    const read = (path: string): string => {
      this.#reading = path;
      // Asked before it is opened: a pipe would wait for its writer, and the application with it.
      const found = this.#options.fs.statSync(path);
      if (!found.isFile()) throw unfit('no file');
      if (found.size > maxFileBytes) throw unfit('too large');
      return this.#options.fs.readFileSync(path, 'utf8');
    };
    return {
      ...(certificate === undefined ? {} : { ca: [...systemAuthorities(), read(certificate)] }),
      ...(clientCertificate === undefined ? {} : { cert: read(clientCertificate) }),
      ...(clientKey === undefined ? {} : { key: read(clientKey) }),
    };
  }

  #tellOldOnes(): void {
    this.#options.notice({
      code: 'OTEL_SETUP_TLS_FILES',
      level: 'error',
      message: `The certificate files have changed, and ${this.#problem}. The old ones stay in use; put it right in ${this.#paths.join(', ')}.`,
    });
  }
}

function unfit(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** Throws where the text holds no certificate. */
function readFirstCertificate(pem: string): X509Certificate {
  return new X509Certificate(pem);
}

/** Those Node would use by itself, with NODE_EXTRA_CA_CERTS. */
function systemAuthorities(): string[] {
  return [...tls.getCACertificates('default')];
}
