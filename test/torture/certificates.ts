// Certificates by openssl, made anew for each case.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Pem {
  readonly key: string;
  readonly cert: string;
  readonly keyPath: string;
  readonly certPath: string;
}

export interface CertificateOptions {
  /** Undefined: signed by its own key. */
  readonly by?: Pem;
  /** @default 127.0.0.1 and localhost */
  readonly names?: string;
  /** @default false */
  readonly isExpired?: boolean;
}

export class Certificates {
  readonly #folder: string;
  #serial = 4096;

  constructor(folder: string) {
    this.#folder = join(folder, 'certificates');
    mkdirSync(this.#folder);
  }

  authority(name: string): Pem {
    this.#key(name);
    const subject = ['-subj', `/CN=${name}`, '-days', '2', '-out', `${name}.pem`];
    this.#openssl('req', '-x509', '-key', `${name}.key`, ...subject);
    return this.#read(name);
  }

  make(name: string, { by, isExpired = false, names }: CertificateOptions = {}): Pem {
    const altNames = names ?? 'IP:127.0.0.1,DNS:localhost';
    this.#key(name);
    this.#openssl('req', '-new', '-key', `${name}.key`, '-subj', `/CN=${name}`, '-out', 'csr');
    const [from, to] = isExpired
      ? ['20200101000000Z', '20200201000000Z']
      : ['20240101000000Z', '20491231000000Z'];
    writeFileSync(join(this.#folder, 'ca.cnf'), settings(altNames));
    writeFileSync(join(this.#folder, 'index'), '');
    writeFileSync(join(this.#folder, 'serial'), `${this.#serial++}`);
    const signer = by === undefined ? ['-selfsign'] : ['-cert', by.certPath];
    const key = ['-keyfile', by?.keyPath ?? `${name}.key`];
    const dates = ['-startdate', from, '-enddate', to, '-in', 'csr', '-out', `${name}.pem`];
    this.#openssl('ca', '-batch', '-notext', '-config', 'ca.cnf', ...signer, ...key, ...dates);
    return this.#read(name);
  }

  #key(name: string): void {
    this.#openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`);
  }

  #openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.#folder, stdio: 'pipe' });
  }

  #read(name: string): Pem {
    const [keyPath, certPath] = ['key', 'pem'].map((end) => join(this.#folder, `${name}.${end}`));
    if (keyPath === undefined || certPath === undefined) throw new Error('not made');
    return {
      key: readFileSync(keyPath, 'utf8'),
      cert: readFileSync(certPath, 'utf8'),
      keyPath,
      certPath,
    };
  }
}

function settings(altNames: string): string {
  return `[ca]
default_ca=c
[c]
database=index
serial=serial
new_certs_dir=.
default_md=sha256
policy=p
unique_subject=no
x509_extensions=x
[p]
commonName=supplied
[x]
subjectAltName=${altNames}
`;
}

/** Words for a skip; undefined where openssl is there. */
export function missingOpenssl(): string | undefined {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    // Told by the test that is skipped.
    return 'openssl is not installed';
  }
}
