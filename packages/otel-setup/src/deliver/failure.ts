// Why no answer came, in a word and a sentence. An error's own message is not repeated: some hold
// header values.

import type { FailureKind, SendFailure } from './answer.ts';

/** A failure with a known kind: on the way to a connection, or of an answer that never comes. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
  // undici tries again for ever where it sees a code of its own here.
  readonly code = 'OTEL_SETUP_CONNECT';
  readonly kind: FailureKind;

  constructor(message: string, options: ErrorOptions & { readonly kind: FailureKind }) {
    super(message, options);
    this.kind = options.kind;
  }
}

const kinds: Readonly<Record<string, FailureKind>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EAI_NODATA: 'dns',
  EAI_NONAME: 'dns',
  ENODATA: 'dns',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_INVALID_ARG: 'invalid-request',
  EPROTO: 'tls',
  CERT_HAS_EXPIRED: 'tls',
  CERT_NOT_YET_VALID: 'tls',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls',
};

const sentences: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  UND_ERR_SOCKET: 'the connection was closed',
  ENOTFOUND: 'no such host name',
  EAI_AGAIN: 'the name server did not answer',
  ETIMEDOUT: 'no connection in time',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_HEADERS_OVERFLOW: 'the answer has headers without end',
  UND_ERR_INVALID_ARG: 'a header or the address cannot be sent',
  CERT_HAS_EXPIRED: 'the certificate has expired',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate comes from a private authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate comes from an unknown authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the certificate comes from an unknown authority',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host name',
  EPROTO: 'TLS failed: an old protocol, or no TLS at all, on the other side',
  ERR_SSL_WRONG_VERSION_NUMBER: 'no TLS at all on the other side',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'no TLS at all on the other side',
  ERR_ACCESS_DENIED: 'Node was started with --permission and without --allow-net',
  EMFILE: 'this process has too many files open',
  ENFILE: 'this machine has too many files open',
  // Of the client's own package, where its file cannot be opened.
  ERR_INVALID_PACKAGE_CONFIG: 'the HTTP client cannot be read from the disk',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
};

export function describeFailure(error: unknown): SendFailure {
  if (error instanceof ConnectError) {
    return failure(error.kind, error.message, codeOf(error.cause));
  }
  const code = codeOf(error);
  if (code === undefined) return failure('network', withoutCode(error), undefined);
  const sentence =
    sentences[code] ?? (code.startsWith('HPE_') ? 'the answer is no HTTP' : undefined);
  const message = sentence === undefined ? code : `${sentence} (${code})`;
  return failure(kinds[code] ?? kindByShape(code), message, code);
}

function withoutCode(error: unknown): string {
  if (!(error instanceof Error)) return 'the request failed';
  if (error.name === 'HTTPParserError') return 'the answer is no HTTP';
  // Of its kinds this one's message names what is missing, and nothing of ours: WebAssembly under --jitless.
  const detail = error instanceof ReferenceError ? error.message : error.name;
  return `the request failed: ${detail}`;
}

export function failure(kind: FailureKind, message: string, code: string | undefined): SendFailure {
  return { type: 'failure', kind, message, code };
}

function kindByShape(code: string): FailureKind {
  const isTls = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|HOSTNAME_)|_CERT|_SIGNATURE|_CRL/.test(code);
  return isTls ? 'tls' : 'network';
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
